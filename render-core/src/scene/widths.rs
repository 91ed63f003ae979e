//! How wide each kind of line is on paper.

use crate::kind::FeatureKind;

/// What widths depend on besides the kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WidthContext {
    /// Size of the page relative to one 12 in wide: widths follow the paper.
    pub scale: f64,
    /// How much 1 m on the ground is on paper, mm.
    pub mm_per_metre: f64,
    /// The user's factor.
    pub weight: f64,
}

/// Thinnest line, mm: one and a half pixels at 300 dpi, so that no street breaks up in print.
pub const HAIRLINE: f64 = 0.12;

/// Share of its real width a street keeps on a large-scale map; the rest is left to the blocks.
const GROUND_SHARE: f64 = 0.55;

impl WidthContext {
    /// Width of a kind's core, mm.
    ///
    /// Far away a street is a sign of its class, near by it is as wide as it is: the two are added
    /// as the sides of a right angle, so that one takes over from the other without a step.
    #[must_use]
    pub fn core(&self, kind: FeatureKind) -> f64 {
        let (sign, ground) = sign_and_ground(kind);
        let real = ground * self.mm_per_metre * GROUND_SHARE;
        (libm::hypot(sign * self.scale, real) * self.weight).max(HAIRLINE)
    }

    /// Width of the casing on each side of a core of `core` mm.
    #[must_use]
    pub fn casing(&self, core: f64) -> f64 {
        (0.14 * core).clamp(0.16 * self.scale, 0.5 * self.scale)
    }
}

/// The class's sign on a page 12 in wide, mm, and its usual width on the ground, m.
fn sign_and_ground(kind: FeatureKind) -> (f64, f64) {
    match kind {
        FeatureKind::Motorway => (0.70, 12.0),
        FeatureKind::Trunk => (0.62, 11.0),
        FeatureKind::Primary => (0.52, 11.0),
        FeatureKind::Secondary => (0.40, 9.5),
        FeatureKind::Tertiary => (0.30, 8.0),
        FeatureKind::Residential => (0.20, 6.0),
        FeatureKind::Service => (0.13, 3.0),
        FeatureKind::Track => (0.13, 2.0),
        FeatureKind::Cycleway => (0.12, 1.5),
        FeatureKind::Path => (0.10, 1.2),
        FeatureKind::Steps => (0.14, 2.0),
        FeatureKind::Rail => (0.20, 1.4),
        FeatureKind::LightRail => (0.18, 1.4),
        FeatureKind::Tram => (0.12, 1.2),
        FeatureKind::Subway => (0.22, 2.0),
        FeatureKind::River => (0.55, 12.0),
        FeatureKind::Canal => (0.40, 8.0),
        FeatureKind::Stream => (0.18, 2.0),
        FeatureKind::Pier => (0.22, 4.0),
        FeatureKind::Runway => (0.80, 45.0),
        FeatureKind::Taxiway => (0.25, 15.0),
        // Areas are filled, not stroked.
        _ => (0.0, 0.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_keep_their_order_at_every_scale_and_nothing_is_below_a_hairline() {
        for mm_per_metre in [0.001, 0.02, 0.3] {
            let widths = WidthContext { scale: 1.0, mm_per_metre, weight: 1.0 };
            let roads = [
                FeatureKind::Path,
                FeatureKind::Service,
                FeatureKind::Residential,
                FeatureKind::Tertiary,
                FeatureKind::Secondary,
                FeatureKind::Primary,
                FeatureKind::Trunk,
                FeatureKind::Motorway,
            ];
            assert!(roads.map(|kind| widths.core(kind)).is_sorted_by(|a, b| a < b));
            assert!(widths.core(FeatureKind::Path) >= HAIRLINE);
        }
    }

    #[test]
    fn widths_follow_the_paper() {
        let at = |scale: f64| WidthContext { scale, mm_per_metre: 0.1 * scale, weight: 1.0 };
        let (small, large) =
            (at(1.0).core(FeatureKind::Primary), at(3.0).core(FeatureKind::Primary));
        assert!((large / small - 3.0).abs() < 1e-9);
    }
}
