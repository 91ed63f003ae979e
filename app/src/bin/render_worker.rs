//! The thread that reads map data and turns them into what the GPU draws.

fn main() {
    mapposter_app::worker::render::run();
}
