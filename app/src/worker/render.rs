//! The render worker: a place's bytes → data that stay here → a mesh for each design.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use js_sys::ArrayBuffer;
use render_core::design::Design;
use render_core::error::Warning;
use render_core::export::mesh::{Grids, Mesh, groups, styles, to_mesh};
use render_core::features::{Assembler, Features, assemble};
use render_core::geometry::MapGeometry;
use render_core::lonlat::Bbox;
use render_core::map::{MapMaker, PlacedMap};
use render_core::osm::pack::{PackMeta, Precision};
use render_core::osm::{OsmData, pack};
use render_core::page::{PageLayout, lay_out};
use render_core::scene::{Cap, Draw, Item, Layers, Scene, Style, StyleTable};
use render_core::text::ShapedTexts;
use render_core::theme::Theme;
use wasm_bindgen_futures::spawn_local;

use super::mesh_wire::{Spare, group_buffer, mesh_buffers, style_buffer};
use super::port;
use super::poster::{TextsCache, Themes, in_own_colors, theme_remarks};
use super::protocol::{Answer, Job, Poster, Progress, Source, Stage};
use super::rehearsal::rehearse;
use super::source::{Downloads, MOST_ODDITIES, Meanwhile, count, load};
use crate::failure::Failure;
use crate::net::overpass::USUAL_VERTICES;

/// How much more of the place than the poster shows is on the GPU, to each side: what a person
/// drags into view is there at once.
const REACH: f64 = 3.0;

/// What the worker keeps between jobs.
#[derive(Default)]
struct Engine {
    /// Whether there are data; a fresh worker has none.
    is_loaded: bool,
    /// Whether a made-up map was made.
    is_rehearsed: bool,
    data: OsmData,
    /// Made of the data once; no design changes them.
    features: Features,
    /// Their geometry, for as many designs as it serves.
    map: Option<PlacedMap>,
    shown: Option<Shown>,
    /// The page below the last map and above it.
    page: [Option<PageLayer>; 2],
    themes: Themes,
    /// Room as the next place will take it for its vertices, which is the last one's. Else what is kept of a drawing
    /// settles in it, the next place takes new memory, and wasm's memory never shrinks: 20 places took 4 MiB more.
    room: [Vec<u64>; 3],
    /// What came back of the last map.
    spare: Spare,
}

/// The map whose mesh the UI has.
struct Shown {
    map: Scene,
    grids: Grids,
}

/// A layer of the page, which mostly stays as it is when its map does not.
struct PageLayer {
    scene: Scene,
    mesh: Mesh,
}

/// The worker's life.
pub fn run() {
    let engine = Rc::new(RefCell::new(Engine::default()));
    let texts = Rc::new(TextsCache::default());
    let downloads = Downloads::default();
    port::serve(move |id, job: Job, buffers| {
        let (engine, texts, downloads) = (engine.clone(), texts.clone(), downloads.clone());
        match job {
            Job::Cancel { id } => downloads.cancel(id),
            Job::Load { source, poster } => spawn_local(async move {
                engine.borrow_mut().room = Default::default();
                let is_own = matches!(source, Source::Bundled { .. });
                let mut warnings = Vec::new();
                let has_come = Rc::new(Cell::new(false));
                if let Source::Overpass { area, .. } = &source
                    && !std::mem::replace(&mut engine.borrow_mut().is_rehearsed, true)
                    && let Some(ahead) = Ahead::of(&source, poster.as_ref())
                {
                    let has_come = has_come.clone();
                    spawn_local(rehearse(ahead, *area, move || has_come.get()));
                }
                let ahead = Rc::new(RefCell::new(None));
                let asked = source.clone();
                let on_try = || *ahead.borrow_mut() = Ahead::of(&asked, poster.as_ref());
                let on_data = |data: &OsmData| {
                    has_come.set(true);
                    if let Some(ahead) = &mut *ahead.borrow_mut() {
                        ahead.advance(data);
                    }
                };
                let (sketcher, shown) = (ahead.clone(), engine.clone());
                let on_beat = move || {
                    let mut ahead = sketcher.borrow_mut();
                    let mut engine = shown.borrow_mut();
                    let sketch = ahead.as_mut().and_then(|ahead| ahead.sketch(&mut engine.spare));
                    if let Some((answer, buffers)) = sketch {
                        engine.shown = None;
                        port::post(id, answer, &buffers);
                    }
                };
                let meanwhile = Meanwhile { on_try, on_data, on_beat };
                match load(id, source, buffers, &downloads, meanwhile, &mut warnings).await {
                    Ok((data, mut loaded)) => {
                        let (features, map) = match ahead.take() {
                            Some(ahead) => ahead.finish(&data, &mut warnings),
                            None => {
                                let reading = Progress::at(Stage::Assembling);
                                port::post(id, Answer::Progress(reading), &[]);
                                (assemble(&data, area_of(&data), &mut warnings), None)
                            }
                        };
                        engine.borrow_mut().take(data, features, map);
                        if let Some(poster) = &poster {
                            whole(id, &engine, poster, &texts).await;
                        }
                        loaded.warnings = count(warnings.len());
                        let told = warnings.iter().filter(|_| !is_own).take(MOST_ODDITIES);
                        loaded.oddities = told.map(ToString::to_string).collect();
                        port::post(id, Answer::Loaded(loaded), &[]);
                    }
                    Err(answer) => port::post(id, answer, &[]),
                }
            }),
            Job::Compose { poster, has_map } => answer(id, texts, poster, move |poster, texts| {
                engine.borrow_mut().compose(poster, texts, has_map)
            }),
            Job::TakeBack => engine.borrow_mut().spare.put(buffers),
            Job::Looks { poster, themes } => answer(id, texts, poster, move |poster, texts| {
                engine.borrow_mut().looks(poster, themes, texts)
            }),
            Job::Pack => {
                let data = &engine.borrow().data;
                let meta = PackMeta { bbox: data.area, ..PackMeta::default() };
                let bytes = pack::write(data, &meta, Precision::E7);
                port::post(id, Answer::Packed, &[port::buffer(&bytes)]);
            }
            Job::CheckTheme { theme } => {
                let answer = match theme_remarks(&theme) {
                    Ok(remarks) => Answer::ThemeIsGood { remarks },
                    Err(failure) => Answer::Failed(failure),
                };
                port::post(id, answer, &[]);
            }
            Job::Shape { .. }
            | Job::Export { .. }
            | Job::Rehearse { .. }
            | Job::Batch { .. }
            | Job::Raster { .. } => {
                let lost = Failure::of_worker("it was asked for another worker's job");
                port::post(id, Answer::Failed(lost), &[]);
            }
        }
    });
}

/// How long a reply may take until what has come of it is shown, ms.
const SKETCH_AFTER_MS: f64 = 700.0;
/// At most one part in so many of the time goes into showing it.
const SKETCH_SHARE: f64 = 20.0;

/// What is made of a live server's reply while it comes in.
pub(super) struct Ahead {
    assembler: Assembler,
    /// What will be drawn, where it is to be shown as it comes.
    poster: Option<Begun>,
    /// When the next sketch is due, and how many features the last one showed.
    sketch: Option<(f64, usize)>,
}

/// A poster without lines of text, its map under way.
struct Begun {
    design: Design,
    theme: Theme,
    layout: PageLayout,
    map: MapMaker,
}

impl Ahead {
    fn of(source: &Source, poster: Option<&Poster>) -> Option<Self> {
        let Source::Overpass { area, .. } = source else { return None };
        let poster = poster.and_then(|poster| {
            let (design, theme) = poster.design_and_theme().ok()?;
            // No line of text moves the map's window.
            let layout = lay_out(&design.page_spec(), &ShapedTexts::default());
            let mut map = MapMaker::new(&design, &layout, REACH, true);
            map.reserve(USUAL_VERTICES);
            Some(Begun { design, theme, layout, map })
        });
        let mut assembler = Assembler::new(*area);
        assembler.reserve(USUAL_VERTICES);
        Some(Self { assembler, poster, sketch: None })
    }

    pub(super) fn advance(&mut self, data: &OsmData) {
        self.assembler.advance(data);
        if let Some(Begun { map, .. }) = &mut self.poster {
            map.advance(self.assembler.features());
        }
        self.sketch.get_or_insert_with(|| (js_sys::Date::now() + SKETCH_AFTER_MS, 0));
    }

    /// A drawing of what has come, if that is something new and it is time for one.
    fn sketch(&mut self, spare: &mut Spare) -> Option<(Answer, Vec<ArrayBuffer>)> {
        let now = js_sys::Date::now();
        let Begun { design, theme, layout, map } = self.poster.as_ref()?;
        let (due, n_before) = self.sketch.as_mut()?;
        let features = self.assembler.features();
        let n_features = features.lines.len() + features.areas.len();
        if now < *due || n_features == *n_before {
            return None;
        }
        let scene = map.so_far().scene(design, theme, layout);
        let (width, height) = (scene.width, scene.height);
        let (mut buffers, map) = page_buffers(scene, &mut [None, None]);
        buffers.extend(map_buffers(&to_mesh(&map).output, spare));
        let later = js_sys::Date::now();
        *due = later + SKETCH_AFTER_MS.max(SKETCH_SHARE * (later - now));
        *n_before = n_features;
        Some((Answer::Sketch { width, height, is_whole: false }, buffers))
    }

    /// Goes all the way to a mesh that nobody will see.
    pub(super) fn rehearsed(mut self, data: &OsmData) -> Option<Mesh> {
        let Begun { design, theme, layout, map } = self.poster.take()?;
        let features = self.assembler.finish(data, &mut Vec::new());
        let scene = map.finish(&features).scene(&design, &theme, &layout);
        Some(to_mesh(&scene.into_layers().map).output)
    }

    fn finish(self, data: &OsmData, warnings: &mut Vec<Warning>) -> (Features, Option<PlacedMap>) {
        let features = self.assembler.finish(data, warnings);
        let map = self.poster.map(|begun| begun.map.finish(&features));
        (features, map)
    }
}

type Made = Result<(Answer, Vec<ArrayBuffer>), Failure>;

/// What is made of a poster, once its lines of text are here.
async fn made(
    poster: &Poster,
    texts: &TextsCache,
    make: impl FnOnce(&Poster, &ShapedTexts) -> Made,
) -> Made {
    make(poster, &texts.get(&poster.texts).await?)
}

/// Draws what has come in, where the lines of text are at hand; what fails here the next drawing tells.
async fn whole(id: u32, engine: &RefCell<Engine>, poster: &Poster, texts: &TextsCache) {
    let compose = |poster: &_, texts: &_| engine.borrow_mut().compose(poster, texts, true);
    if let Ok((Answer::Mesh { width, height }, buffers)) = made(poster, texts, compose).await {
        port::post(id, Answer::Sketch { width, height, is_whole: true }, &buffers);
    }
}

/// Posts what is made of a poster.
fn answer(
    id: u32,
    texts: Rc<TextsCache>,
    poster: Poster,
    make: impl FnOnce(&Poster, &ShapedTexts) -> Made + 'static,
) {
    spawn_local(async move {
        let failed = |failure| (Answer::Failed(failure), Vec::new());
        let (answer, buffers) = made(&poster, &texts, make).await.unwrap_or_else(failed);
        port::post(id, answer, &buffers);
    });
}

/// The box whose sea is made: that of the data, by their own word or by their vertices.
fn area_of(data: &OsmData) -> Bbox {
    data.area.or_else(|| data.bounds()).unwrap_or(Bbox {
        south: -90.0,
        west: -180.0,
        north: 90.0,
        east: 180.0,
    })
}

impl Engine {
    /// Takes another place, of which nothing is shown.
    fn take(&mut self, data: OsmData, features: Features, map: Option<PlacedMap>) {
        self.is_loaded = true;
        (self.data, self.features, self.map, self.shown) = (data, features, map, None);
        // Of data, features and map, whose vertices have 8 bytes each.
        self.room = std::array::from_fn(|_| Vec::with_capacity(USUAL_VERTICES));
    }

    /// `has_map`: whether the UI has the map that it was sent last.
    fn compose(&mut self, poster: &Poster, texts: &ShapedTexts, has_map: bool) -> Made {
        if !self.is_loaded {
            return Err(Failure::of_worker("its map was gone"));
        }
        let design = poster.design()?;
        let theme = self.themes.get(&poster.theme, &poster.theme_id)?;
        let theme = in_own_colors(theme, &design);
        let layout = lay_out(&design.page_spec(), texts);
        // So long as the map of an earlier design will do, it stays on the GPU.
        let map = match self.map.take().filter(|map| map.serves(&design, &layout)) {
            Some(map) => map,
            None => MapMaker::new(&design, &layout, REACH, true).finish(&self.features),
        };
        let scene = map.scene(&design, &theme, &layout);
        self.map = Some(map);
        let (width, height) = (scene.width, scene.height);
        let (mut buffers, map) = page_buffers(scene, &mut self.page);
        let shown = self.shown.take().filter(|shown| has_map && is_same_shape(&shown.map, &map));
        let grids = if let Some(Shown { grids, .. }) = shown {
            buffers.push(group_buffer(&groups(&map, &grids)));
            grids
        } else {
            let mesh = to_mesh(&map).output;
            buffers.extend(map_buffers(&mesh, &mut self.spare));
            self.spare.clear();
            mesh.grids
        };
        self.shown = Some(Shown { map, grids });
        Ok((Answer::Mesh { width, height }, buffers))
    }

    /// Styles of the last drawing in other themes; none of one that would need another mesh.
    fn looks(
        &mut self,
        poster: &Poster,
        themes: Vec<(String, String)>,
        texts: &ShapedTexts,
    ) -> Made {
        let design = poster.design()?;
        let Self { map, shown, themes: read, .. } = self;
        let (Some(map), Some(shown)) = (map, shown) else {
            return Ok((Answer::Looks { themes: Vec::new() }, Vec::new()));
        };
        let layout = lay_out(&design.page_spec(), texts);
        let (mut ids, mut buffers) = (Vec::new(), Vec::new());
        for (id, file) in themes {
            let Ok(theme) = read.get(&file, &id) else { continue };
            let look = Scene { styles: map.styles(&design, &theme, &layout), ..Scene::default() };
            // Of one map, what has styles of the same names is the same shape.
            if are_named_alike(&shown.map.styles, &look.styles) {
                ids.push(id);
                buffers.push(style_buffer(&styles(&look)));
            }
        }
        Ok((Answer::Looks { themes: ids }, buffers))
    }
}

fn are_named_alike(one: &StyleTable, other: &StyleTable) -> bool {
    one.iter().map(|(_, style)| &style.name).eq(other.iter().map(|(_, style)| &style.name))
}

/// The buffers of the page below and above the map and of all styles; the map. `last`: what there was of that page.
fn page_buffers(scene: Scene, last: &mut [Option<PageLayer>; 2]) -> (Vec<ArrayBuffer>, Scene) {
    let styles = style_buffer(&styles(&scene));
    let Layers { below, map, above } = scene.into_layers();
    let mut buffers = Vec::new();
    for (last, scene) in last.iter_mut().zip([below, above]) {
        let layer = match last.take() {
            Some(PageLayer { scene: same, mut mesh }) if is_same_shape(&same, &scene) => {
                mesh.groups = groups(&scene, &mesh.grids);
                PageLayer { scene, mesh }
            }
            _ => PageLayer { mesh: to_mesh(&scene).output, scene },
        };
        buffers.extend(mesh_buffers(&layer.mesh, &mut Spare::default()));
        *last = Some(layer);
    }
    buffers.push(styles);
    (buffers, map)
}

/// The buffers of a map's groups and of the map.
fn map_buffers(mesh: &Mesh, spare: &mut Spare) -> Vec<ArrayBuffer> {
    let mut buffers = vec![group_buffer(&mesh.groups)];
    buffers.extend(mesh_buffers(mesh, spare));
    buffers
}

/// Whether two maps differ in nothing but where they lie, paints and widths, so that one mesh does
/// for both.
fn is_same_shape(one: &Scene, other: &Scene) -> bool {
    let is_same_kind = |(a, b): (&Style, &Style)| match (&a.draw, &b.draw) {
        (Draw::Fill(_), Draw::Fill(_)) => true,
        (
            Draw::Stroke { cap, join, dash, .. },
            Draw::Stroke { cap: c, join: j, dash: other, .. },
        ) => {
            // A line with butt ends may be dashed in one look and whole in another.
            let is_as_dashed = *cap == Cap::Butt || dash.is_empty() == other.is_empty();
            cap == c && join == j && is_as_dashed
        }
        (Draw::Fill(_), Draw::Stroke { .. }) | (Draw::Stroke { .. }, Draw::Fill(_)) => false,
    };
    let styles = || one.styles.iter().map(|s| s.1).zip(other.styles.iter().map(|s| s.1));
    // The map's styles come first; a title more or less is a style of the page's.
    styles().all(is_same_kind)
        && one.paths.subpaths == other.paths.subpaths
        && is_same_map(&one.paths.map, &other.paths.map)
        && one.paths.points == other.paths.points
        && are_same(&one.items, &other.items)
}

fn is_same_map(one: &Arc<MapGeometry>, other: &Arc<MapGeometry>) -> bool {
    Arc::ptr_eq(one, other) || one.points == other.points && one.corners == other.corners
}

fn are_same(one: &[Item], other: &[Item]) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|pair| match pair {
            (Item::Group(a), Item::Group(b)) => are_same(&a.items, &b.items),
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
    use render_core::features::{Line, Structure};
    use render_core::kind::{FeatureKind, Layer};
    use render_core::lonlat::LonLat;
    use render_core::osm::{ElementKind, OsmId};
    use render_core::theme::builtin::theme;

    /// A road through the place of the design, longer than its map.
    fn road(design: &Design) -> Features {
        let at = |east| LonLat::from_degrees(design.place.lon + east, design.place.lat).unwrap();
        let line = Line {
            kind: FeatureKind::Primary,
            id: OsmId { kind: ElementKind::Way, id: 1 },
            structure: Structure::Ground,
            layer: 0,
            coords: 0..2,
        };
        Features { coords: vec![at(-0.1), at(0.1)], lines: vec![line], ..Features::default() }
    }

    #[test]
    fn a_theme_changes_no_shape_and_a_distance_does() {
        let design = Design::default();
        let features = road(&design);
        let scene = |change: &dyn Fn(&mut Design), id: &str| {
            let mut design = design.clone();
            change(&mut design);
            let theme = theme(id).unwrap();
            render_core::scene_of(&features, &design, &theme, &ShapedTexts::default())
        };
        let shown = scene(&|_| {}, "terracotta");
        let is_same = |other: &Scene| is_same_shape(&shown, other);
        assert!(is_same(&scene(&|_| {}, "noir")));
        assert!(!is_same(&scene(&|design| design.distance = 900.0, "terracotta")));
        let without_roads = |design: &mut Design| _ = design.layers.insert(Layer::Roads, false);
        assert!(!is_same(&scene(&without_roads, "terracotta")));
    }

    #[test]
    fn the_page_around_a_map_is_no_part_of_its_shape() {
        let design = Design::default();
        let features = road(&design);
        let map = |change: &dyn Fn(&mut Design)| {
            let mut design = design.clone();
            change(&mut design);
            let theme = theme("noir").unwrap();
            let scene = render_core::scene_of(&features, &design, &theme, &ShapedTexts::default());
            scene.into_layers().map
        };
        let shown = map(&|_| {});
        assert!(is_same_shape(&shown, &map(&|design| design.fades.top = 0.4)));
        assert!(is_same_shape(&shown, &map(&|design| design.fades.bottom = 0.0)));
        assert!(is_same_shape(&shown, &map(&|design| design.texts.coordinates = false)));
    }
}
