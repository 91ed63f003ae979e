//! The two shader programs: fills, and strokes that get their width here.

use web_sys::{WebGl2RenderingContext as Gl, WebGlProgram, WebGlUniformLocation};

/// Fills: a group's space → page → canvas; a fade is a function of the page's y.
const FILL_VERTEX: &str = "#version 300 es
layout(location=0) in vec2 p;
uniform vec4 m; uniform vec2 t; uniform vec2 page;
out float y;
void main(){
  vec2 q = mat2(m.xy, m.zw) * p + t;
  y = q.y;
  gl_Position = vec4(2.0*q.x/page.x-1.0, 1.0-2.0*q.y/page.y, 0.0, 1.0);
}";
/// The noise is half a step of 8 bits: without it a long fade shows bands.
const FILL_FRAGMENT: &str = "#version 300 es
precision highp float;
uniform vec4 color; uniform vec2 fade;
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
/// of 1, by half the width, at least half a pixel.
const STROKE_VERTEX: &str = "#version 300 es
layout(location=0) in vec2 p; layout(location=1) in vec2 n; layout(location=2) in float along;
uniform vec4 m; uniform vec2 t; uniform vec2 page; uniform vec2 width;
out float y; out float d;
void main(){
  mat2 g = mat2(m.xy, m.zw);
  float s = sqrt(abs(determinant(g)));
  vec2 q = g*p + t + g*n/(s*8191.0) * max(width.x, width.y)*0.5;
  y = q.y; d = along*s;
  gl_Position = vec4(2.0*q.x/page.x-1.0, 1.0-2.0*q.y/page.y, 0.0, 1.0);
}";
/// A line thinner than a pixel is drawn a pixel wide and as much fainter.
const STROKE_FRAGMENT: &str = "#version 300 es
precision highp float;
uniform vec4 color; uniform vec2 fade; uniform vec4 dash;
uniform vec2 width;
in float y; in float d;
out vec4 ink;
void main(){
  float period = dash.x+dash.y+dash.z+dash.w;
  if (period > 0.0) {
    float at = mod(d, period);
    if ((at > dash.x && at < dash.x+dash.y) || at > dash.x+dash.y+dash.z) discard;
  }
  float a = min(1.0, width.x/width.y);
  if (fade.x != fade.y) a *= clamp((y-fade.y)/(fade.x-fade.y), 0.0, 1.0);
  ink = color*a;
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
    /// Colour, multiplied by its opacity.
    pub color: Option<WebGlUniformLocation>,
    /// Where a fade is opaque and where clear, mm; the same where there is none.
    pub fade: Option<WebGlUniformLocation>,
    /// The stroke's width and a pixel's, mm.
    pub width: Option<WebGlUniformLocation>,
    /// Dash, gap, dash, gap, mm.
    pub dash: Option<WebGlUniformLocation>,
}

impl Program {
    /// The program for fills.
    pub fn fill(gl: &Gl) -> Option<Self> {
        Self::new(gl, FILL_VERTEX, FILL_FRAGMENT)
    }

    /// The program for strokes.
    pub fn stroke(gl: &Gl) -> Option<Self> {
        Self::new(gl, STROKE_VERTEX, STROKE_FRAGMENT)
    }

    fn new(gl: &Gl, vertex: &str, fragment: &str) -> Option<Self> {
        let program = gl.create_program()?;
        for (kind, source) in [(Gl::VERTEX_SHADER, vertex), (Gl::FRAGMENT_SHADER, fragment)] {
            let shader = gl.create_shader(kind)?;
            gl.shader_source(&shader, source);
            gl.compile_shader(&shader);
            gl.attach_shader(&program, &shader);
        }
        gl.link_program(&program);
        let is_linked = gl.get_program_parameter(&program, Gl::LINK_STATUS).is_truthy();
        if !is_linked {
            return None;
        }
        let at = |name: &str| gl.get_uniform_location(&program, name);
        Some(Self {
            matrix: at("m"),
            shift: at("t"),
            page: at("page"),
            color: at("color"),
            fade: at("fade"),
            width: at("width"),
            dash: at("dash"),
            program,
        })
    }
}

#[cfg(test)]
mod tests {
    use render_core::export::mesh::StrokeVertex;

    #[test]
    fn the_shader_knows_how_long_a_normal_is() {
        assert!(super::STROKE_VERTEX.contains(&format!("(s*{:.1})", StrokeVertex::NORMAL)));
    }
}
