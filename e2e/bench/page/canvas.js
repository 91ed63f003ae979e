// The baseline's scene → WebGL2 buffers → a picture.

import { kinds } from "./kinds.js";

const FILL = [`#version 300 es
uniform vec2 scale; in vec2 at;
void main() { gl_Position = vec4(at * scale, 0, 1); }`, `#version 300 es
precision mediump float; uniform vec3 colour; out vec4 pixel;
void main() { pixel = vec4(colour, 1); }`];

// A pixel is as opaque as it is near to the segment: soft edges, and ends that are round.
const LINE = [`#version 300 es
uniform vec2 scale; in vec2 at; in vec3 beside; out vec3 place;
void main() { place = beside; gl_Position = vec4(at * scale, 0, 1); }`, `#version 300 es
precision highp float; uniform vec3 colour; uniform float half_width; uniform float pixel_size; in vec3 place; out vec4 pixel;
void main() {
  float away = length(vec2(place.x - clamp(place.x, 0., place.z), place.y));
  pixel = vec4(colour, clamp((half_width - away) / pixel_size + .5, 0., 1.));
}`];

export class Canvas {
  constructor(canvas) {
    this.canvas = canvas;
    const gl = canvas.getContext("webgl2", { alpha: false, antialias: true, preserveDrawingBuffer: true });
    if (!gl) throw new Error("there is no WebGL2");
    this.gl = gl;
    this.fill = this.program(FILL);
    this.line = this.program(LINE);
    this.layers = [];
  }

  program(sources) {
    const { gl } = this;
    const program = gl.createProgram();
    sources.forEach((source, i) => {
      const shader = gl.createShader(i === 0 ? gl.VERTEX_SHADER : gl.FRAGMENT_SHADER);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      gl.attachShader(program, shader);
    });
    gl.bindAttribLocation(program, 0, "at");
    gl.bindAttribLocation(program, 1, "beside");
    gl.linkProgram(program);
    if (!gl.getProgramParameter(program, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(program));
    return program;
  }

  /** Hands a scene to the GPU in place of the last one. */
  upload(scene) {
    const { gl } = this;
    for (const { array, buffers } of this.layers) {
      gl.deleteVertexArray(array);
      buffers.forEach((buffer) => gl.deleteBuffer(buffer));
    }
    const buffer = (target, data) => {
      const made = gl.createBuffer();
      gl.bindBuffer(target, made);
      if (data) gl.bufferData(target, data, gl.STATIC_DRAW);
      return made;
    };
    // All quads are numbered alike, so that one list does for all kinds.
    const most = scene.reduce((n, { quads }) => Math.max(n, quads ? quads.length / 20 : 0), 0);
    const corners = new Uint32Array(most * 6);
    for (let quad = 0, i = 0, corner = 0; quad < most; quad++, corner += 4) {
      corners[i++] = corner;
      corners[i++] = corner + 1;
      corners[i++] = corner + 2;
      corners[i++] = corner + 2;
      corners[i++] = corner + 1;
      corners[i++] = corner + 3;
    }
    gl.bindVertexArray(null);
    const shared = buffer(gl.ELEMENT_ARRAY_BUFFER, corners);
    this.layers = scene.map(({ kind, points, indices, quads }) => {
      const array = gl.createVertexArray();
      gl.bindVertexArray(array);
      const vertices = buffer(gl.ARRAY_BUFFER, points ?? quads);
      gl.enableVertexAttribArray(0);
      gl.vertexAttribPointer(0, 2, gl.FLOAT, false, points ? 8 : 20, 0);
      if (points) return { kind, array, buffers: [vertices, buffer(gl.ELEMENT_ARRAY_BUFFER, indices)], n: indices.length };
      gl.enableVertexAttribArray(1);
      gl.vertexAttribPointer(1, 3, gl.FLOAT, false, 20, 8);
      gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, shared);
      return { kind, array, buffers: [vertices], n: (quads.length / 20) * 6 };
    });
    this.layers.push({ array: null, buffers: [shared], n: 0 });
    gl.bindVertexArray(null);
    gl.flush();
  }

  /** Draws the newest scene so that `distance` metres above the middle are at the upper edge. */
  draw(distance) {
    const { gl, canvas } = this;
    gl.viewport(0, 0, canvas.width, canvas.height);
    gl.clearColor(0.96, 0.93, 0.89, 1);
    gl.clear(gl.COLOR_BUFFER_BIT);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.SRC_ALPHA, gl.ONE_MINUS_SRC_ALPHA);
    const pixel = (2 * distance) / canvas.height;
    for (const { kind, array, n } of this.layers) {
      if (n === 0) continue;
      const { colour, width } = kinds[kind];
      const program = width ? this.line : this.fill;
      const uniform = (name) => gl.getUniformLocation(program, name);
      gl.useProgram(program);
      gl.uniform2f(uniform("scale"), canvas.height / canvas.width / distance, 1 / distance);
      gl.uniform3f(uniform("colour"), ...colour);
      if (width) {
        gl.uniform1f(uniform("half_width"), Math.max((width / 2) * (distance / 200), pixel / 2));
        gl.uniform1f(uniform("pixel_size"), pixel);
      }
      gl.bindVertexArray(array);
      gl.drawElements(gl.TRIANGLES, n, gl.UNSIGNED_INT, 0);
    }
    gl.bindVertexArray(null);
  }
}
