//! Whether the GPU keeps up with a hand that moves the map.

/// A frame that the GPU has not painted after so long is late, ms: three of a usual screen's. How long the
/// next frame takes to come tells nothing, as it may be waiting for a hand.
pub const LATE_MS: i32 = 50;
/// So many late frames in a row are the GPU's fault: one may have waited for the page's own work.
const LATE_FRAMES: u32 = 3;
/// After so many in time no more are looked at.
const FAST_FRAMES: u32 = 8;

/// What is known of the GPU.
#[derive(Debug, Default)]
pub struct Pace {
    n_late: u32,
    n_in_time: u32,
    is_looking: bool,
}

impl Pace {
    /// Whether a frame should be looked at, which [`Pace::tell`] then tells of.
    pub fn looks(&mut self) -> bool {
        let is_known = self.is_slow() || self.n_in_time >= FAST_FRAMES;
        !is_known && !std::mem::replace(&mut self.is_looking, true)
    }

    /// Takes whether a frame was late.
    pub fn tell(&mut self, is_late: bool) {
        self.is_looking = false;
        if self.is_slow() {
            return;
        }
        (self.n_late, self.n_in_time) =
            if is_late { (self.n_late + 1, 0) } else { (0, self.n_in_time + 1) };
    }

    /// Another map may be heavier; what was too slow for one stays so.
    pub fn look_again(&mut self) {
        self.n_in_time = 0;
    }

    /// Whether the GPU is too slow for smooth frames of a map that moves.
    pub fn is_slow(&self) -> bool {
        self.n_late >= LATE_FRAMES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(late: &[bool]) -> Pace {
        let mut pace = Pace::default();
        for is_late in late {
            if pace.looks() {
                pace.tell(*is_late);
            }
        }
        pace
    }

    #[test]
    fn a_gpu_is_slow_if_frame_after_frame_is_late() {
        assert!(!after(&[false; 5]).is_slow());
        assert!(!after(&[true, true, false, true, true]).is_slow());
        assert!(after(&[false, true, true, true]).is_slow());
    }

    #[test]
    fn what_is_known_is_not_looked_at_until_there_is_another_map() {
        let mut slow = after(&[true, true, true, false]);
        slow.look_again();
        assert!(slow.is_slow() && !slow.looks());
        let mut fast = after(&[false; 8]);
        assert!(!fast.looks());
        fast.look_again();
        assert!(fast.looks() && !fast.looks());
    }
}
