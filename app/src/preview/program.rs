//! The two shader programs: fills, and strokes that get their width here.

use web_sys::{WebGl2RenderingContext as Gl, WebGlProgram, WebGlUniformLocation};

/// Ahead of all: which of a call's draws this is, where one call draws many.
const MANY: &str = "#extension GL_ANGLE_multi_draw : require\n#define DRAW gl_DrawID\n";
const ONE: &str = "#define DRAW 0\n";
/// A number of four of what the batch looks like, as `table.rs` has them, and its depth: each batch
/// is nearer than the one before, so that the depth test lets it paint a pixel once. A see-through
/// line must not be darker where its own triangles overlap. 16 bits tell so many batches apart.
const LOOK: &str = "
uniform highp sampler2D looks; uniform int first;
vec4 look(int i){
  int at = 3*(first+DRAW) + i;
  return texelFetch(looks, ivec2(at%1536, at/1536), 0);
}
float depth(){ return 1.0 - 2.0*float(first+DRAW+1)/65535.0; }";
/// Fills: a group's space → page → canvas; a fade is a function of the page's y.
const FILL_VERTEX: &str = "
layout(location=0) in vec2 p;
uniform vec4 m; uniform vec2 t; uniform vec2 page;
flat out vec4 color; flat out vec2 fade;
out float y;
void main(){
  color = look(0); fade = look(2).xy;
  vec2 q = mat2(m.xy, m.zw) * p + t;
  y = q.y;
  gl_Position = vec4(2.0*q.x/page.x-1.0, 1.0-2.0*q.y/page.y, depth(), 1.0);
}";
/// The noise is half a step of 8 bits: without it a long fade shows bands.
const FILL_FRAGMENT: &str = "#version 300 es
precision highp float;
flat in vec4 color; flat in vec2 fade;
in float y;
out vec4 ink;
void main(){
  float a = 1.0;
  if (fade.x != fade.y) {
    a = clamp((y-fade.y)/(fade.x-fade.y), 0.0, 1.0);
    float noise = fract(52.9829189*fract(dot(gl_FragCoord.xy, vec2(0.06711056,0.00583715))));
    a = clamp(a + (noise-0.5)/255.0*step(0.001,a)*step(a,0.999), 0.0, 1.0);
  }
  ink = color*a;
}";
/// Strokes: the centre line is moved along its normal, of which `StrokeVertex::NORMAL` is a length
/// of 1, by half the width, at least half a pixel. A line thinner than a pixel is drawn a pixel wide
/// and as much fainter.
const STROKE_VERTEX: &str = "
layout(location=0) in vec2 p; layout(location=1) in vec2 n; layout(location=2) in float along;
uniform vec4 m; uniform vec2 t; uniform vec2 page; uniform float pixel;
flat out vec4 color; flat out vec2 fade; flat out vec4 dash;
out float y; out float d;
void main(){
  vec4 rest = look(2);
  fade = rest.xy; dash = look(1);
  color = look(0) * min(1.0, rest.z/pixel);
  mat2 g = mat2(m.xy, m.zw);
  float s = sqrt(abs(determinant(g)));
  vec2 q = g*p + t + g*n/(s*8191.0) * max(rest.z, pixel)*0.5;
  y = q.y; d = along*s;
  gl_Position = vec4(2.0*q.x/page.x-1.0, 1.0-2.0*q.y/page.y, depth(), 1.0);
}";
const STROKE_FRAGMENT: &str = "#version 300 es
precision highp float;
flat in vec4 color; flat in vec2 fade; flat in vec4 dash;
in float y; in float d;
out vec4 ink;
void main(){
  float period = dash.x+dash.y+dash.z+dash.w;
  if (period > 0.0) {
    float at = mod(d, period);
    if ((at > dash.x && at < dash.x+dash.y) || at > dash.x+dash.y+dash.z) discard;
  }
  ink = color;
  if (fade.x != fade.y) ink *= clamp((y-fade.y)/(fade.x-fade.y), 0.0, 1.0);
}";

/// A compiled program and where its inputs are.
pub struct Program {
    /// For `use_program`.
    pub program: WebGlProgram,
    /// The group's linear part.
    pub matrix: Option<WebGlUniformLocation>,
    /// The group's shift.
    pub shift: Option<WebGlUniformLocation>,
    /// The page's size, mm.
    pub page: Option<WebGlUniformLocation>,
    /// A pixel's width, mm; none of fills.
    pub pixel: Option<WebGlUniformLocation>,
    /// Which batch of the table is drawn, or the first of many.
    pub first: Option<WebGlUniformLocation>,
}

impl Program {
    /// The program for fills; `draws_many`: with `WEBGL_multi_draw`.
    pub fn fill(gl: &Gl, draws_many: bool) -> Option<Self> {
        Self::new(gl, FILL_VERTEX, FILL_FRAGMENT, draws_many)
    }

    /// The program for strokes.
    pub fn stroke(gl: &Gl, draws_many: bool) -> Option<Self> {
        Self::new(gl, STROKE_VERTEX, STROKE_FRAGMENT, draws_many)
    }

    fn new(gl: &Gl, vertex: &str, fragment: &str, draws_many: bool) -> Option<Self> {
        let draw = if draws_many { MANY } else { ONE };
        let vertex = ["#version 300 es\n", draw, LOOK, vertex].concat();
        let program = link(gl, &vertex, fragment)?;
        let at = |name: &str| gl.get_uniform_location(&program, name);
        Some(Self {
            matrix: at("m"),
            shift: at("t"),
            page: at("page"),
            pixel: at("pixel"),
            first: at("first"),
            program,
        })
    }
}

/// A program of two shaders; `None` where the GPU takes it not, which the page waits to hear.
pub fn link(gl: &Gl, vertex: &str, fragment: &str) -> Option<WebGlProgram> {
    let program = gl.create_program()?;
    for (kind, source) in [(Gl::VERTEX_SHADER, vertex), (Gl::FRAGMENT_SHADER, fragment)] {
        let shader = gl.create_shader(kind)?;
        gl.shader_source(&shader, source);
        gl.compile_shader(&shader);
        gl.attach_shader(&program, &shader);
    }
    gl.link_program(&program);
    gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy().then_some(program)
}

#[cfg(test)]
mod tests {
    use render_core::export::mesh::StrokeVertex;

    use crate::preview::table::ROW;

    #[test]
    fn the_shader_knows_how_long_a_row_of_the_table_is() {
        assert!(super::LOOK.contains(&format!("ivec2(at%{ROW}, at/{ROW})")));
    }

    #[test]
    fn the_shader_knows_how_long_a_normal_is() {
        assert!(super::STROKE_VERTEX.contains(&format!("(s*{:.1})", StrokeVertex::NORMAL)));
    }
}
