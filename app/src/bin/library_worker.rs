//! The thread that keeps places on the device; started when first needed.

fn main() {
    mapposter_app::worker::library::run();
}
