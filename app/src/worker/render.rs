//! The render worker: a place's bytes → data that stay here → a mesh for each design.

use std::cell::RefCell;
use std::rc::Rc;

use js_sys::ArrayBuffer;
use render_core::export::mesh::{styles, to_mesh};
use render_core::features::{Features, assemble};
use render_core::osm::pack::{PackMeta, Precision};
use render_core::osm::{OsmData, pack};
use render_core::scene::{Draw, Item, Scene, Style};
use render_core::text::ShapedTexts;
use wasm_bindgen_futures::spawn_local;

use super::mesh_wire::{mesh_buffers, style_buffer};
use super::port;
use super::poster::{TextsCache, read_theme};
use super::protocol::{Answer, Job, Poster, Progress, Stage};
use super::source::{Downloads, load};
use crate::failure::Failure;

/// What the worker keeps between jobs.
#[derive(Default)]
struct Engine {
    /// Whether there are data; a fresh worker has none.
    is_loaded: bool,
    data: OsmData,
    /// Made of the data once; no design changes them.
    features: Features,
    /// The scene whose mesh the UI has.
    shown: Option<Scene>,
}

/// The worker's life.
pub fn run() {
    let engine = Rc::new(RefCell::new(Engine::default()));
    let texts = Rc::new(TextsCache::default());
    let downloads = Downloads::default();
    port::serve(move |id, job, buffers| {
        let (engine, texts, downloads) = (engine.clone(), texts.clone(), downloads.clone());
        match job {
            Job::Cancel { id } => downloads.cancel(id),
            Job::Load(source) => spawn_local(async move {
                let mut warnings = Vec::new();
                match load(id, source, buffers, &downloads, &mut warnings).await {
                    Ok((data, loaded)) => {
                        let reading =
                            Progress { stage: Stage::Assembling, fraction: None, bytes: 0 };
                        port::post(id, Answer::Progress(reading), &[]);
                        let features = assemble(&data, &mut warnings);
                        *engine.borrow_mut() =
                            Engine { is_loaded: true, data, features, shown: None };
                        port::post(id, Answer::Loaded(loaded), &[]);
                    }
                    Err(answer) => port::post(id, answer, &[]),
                }
            }),
            Job::Compose(poster) => spawn_local(async move {
                let result = match texts.get(&poster.texts).await {
                    Ok(texts) => engine.borrow_mut().compose(&poster, &texts),
                    Err(failure) => Err(failure),
                };
                let (answer, buffers) =
                    result.unwrap_or_else(|failure| (Answer::Failed(failure), Vec::new()));
                port::post(id, answer, &buffers);
            }),
            Job::Pack => {
                let data = &engine.borrow().data;
                let bytes = pack::write(data, &PackMeta::default(), Precision::E7);
                port::post(id, Answer::Packed, &[port::buffer(&bytes)]);
            }
            Job::CheckTheme { theme } => {
                let answer = match read_theme(&theme, "") {
                    Ok(_) => Answer::ThemeIsGood,
                    Err(failure) => Answer::Failed(failure),
                };
                port::post(id, answer, &[]);
            }
            Job::Shape { .. } | Job::Export { .. } | Job::Raster { .. } => {
                let lost = Failure::of_worker("it was asked for another worker's job");
                port::post(id, Answer::Failed(lost), &[]);
            }
        }
    });
}

impl Engine {
    fn compose(
        &mut self,
        poster: &Poster,
        texts: &ShapedTexts,
    ) -> Result<(Answer, Vec<ArrayBuffer>), Failure> {
        if !self.is_loaded {
            return Err(Failure::of_worker("its map was gone"));
        }
        let (design, theme) = (poster.design()?, poster.theme()?);
        let scene = render_core::scene_of(&self.features, &design, &theme, texts);
        let styles = style_buffer(&styles(&scene));
        let is_same_shape = self.shown.as_ref().is_some_and(|shown| is_same_shape(shown, &scene));
        let answer = if is_same_shape {
            (Answer::Styles, vec![styles])
        } else {
            let mut buffers = mesh_buffers(&to_mesh(&scene).output);
            buffers.push(styles);
            (Answer::Mesh { width: scene.width, height: scene.height }, buffers)
        };
        self.shown = Some(scene);
        Ok(answer)
    }
}

/// Whether two scenes differ in nothing but paints and widths, so that one mesh does for both.
fn is_same_shape(one: &Scene, other: &Scene) -> bool {
    let is_same_kind = |(a, b): (&Style, &Style)| match (&a.draw, &b.draw) {
        (Draw::Fill(_), Draw::Fill(_)) => true,
        (Draw::Stroke { cap, join, .. }, Draw::Stroke { cap: c, join: j, .. }) => {
            cap == c && join == j
        }
        (Draw::Fill(_), Draw::Stroke { .. }) | (Draw::Stroke { .. }, Draw::Fill(_)) => false,
    };
    let styles = || one.styles.iter().map(|s| s.1).zip(other.styles.iter().map(|s| s.1));
    (one.width, one.height, one.bleed) == (other.width, other.height, other.bleed)
        && one.styles.iter().count() == other.styles.iter().count()
        && styles().all(is_same_kind)
        && one.paths.subpaths == other.paths.subpaths
        && one.paths.points == other.paths.points
        && are_same(&one.items, &other.items)
}

fn are_same(one: &[Item], other: &[Item]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (Item::Group(a), Item::Group(b)) => {
                a.transform == b.transform && a.clip == b.clip && are_same(&a.items, &b.items)
            }
            (Item::Path(a), Item::Path(b)) => a.style == b.style && a.subpaths == b.subpaths,
            (Item::Glyphs(a), Item::Glyphs(b)) => {
                (a.style, a.origin, a.size) == (b.style, b.origin, b.size) && a.run == b.run
            }
            (Item::Group(_) | Item::Path(_) | Item::Glyphs(_), _) => false,
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use render_core::design::Design;
    use render_core::theme::builtin::theme;

    #[test]
    fn a_theme_changes_no_shape_and_a_distance_does() {
        let scene = |design: &Design, id: &str| {
            let theme = theme(id).unwrap();
            render_core::scene_of(&Features::default(), design, &theme, &ShapedTexts::default())
        };
        let mut design = Design::default();
        let shown = scene(&design, "terracotta");
        assert!(is_same_shape(&shown, &scene(&design, "noir")));
        design.distance = 900.0;
        assert!(!is_same_shape(&shown, &scene(&design, "terracotta")));
    }
}
