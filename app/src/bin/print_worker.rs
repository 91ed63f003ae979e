//! The thread that shapes text and writes files; started when first needed.

fn main() {
    mapposter_app::worker::print::run();
}
