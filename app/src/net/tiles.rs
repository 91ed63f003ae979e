//! Raster tiles of a server that config.json names: asked for while the picker is open and its switch is on, at
//! most six at a time, kept in memory alone. A tile that does not come is no error: the built-in world is under it.

use std::collections::HashMap;
use std::rc::Rc;

use picker::View;
use picker::tiles::{Placed, Tile, part_of, tiles};
use wasm_bindgen::prelude::*;
use web_sys::{CanvasRenderingContext2d, Event, HtmlImageElement};

use super::config::TileServer;

/// Tiles on their way at a time.
const MOST_ASKED: usize = 6;
/// Tiles kept: some screens full, 256 kB each once drawn.
const MOST_KEPT: usize = 200;

enum State {
    Asked,
    Here,
    /// Not asked for again while the page is open.
    Missing,
}

struct Kept {
    image: HtmlImageElement,
    state: State,
    /// Counts views: when it was last wanted.
    wanted: u64,
}

/// The tiles of one server.
pub struct Tiles {
    server: TileServer,
    kept: HashMap<Tile, Kept>,
    n_views: u64,
    on_end: Closure<dyn Fn(Event)>,
}

impl Tiles {
    /// None asked for yet; `on_end` is called when one has come, or will not.
    #[must_use]
    pub fn new(server: TileServer, on_end: Rc<dyn Fn(&Event)>) -> Self {
        let on_end = Closure::new(move |event: Event| on_end(&event));
        Self { server, kept: HashMap::new(), n_views: 0, on_end }
    }

    /// Whose they are.
    #[must_use]
    pub fn server(&self) -> &TileServer {
        &self.server
    }

    /// Asks for what a view lacks, the middle first, and for nothing that is no longer in view.
    pub fn follow(&mut self, view: &View) {
        self.n_views += 1;
        let wanted = tiles(view, self.server.max_zoom);
        for Placed { tile, .. } in &wanted {
            if let Some(kept) = self.kept.get_mut(tile) {
                kept.wanted = self.n_views;
            }
        }
        let now = self.n_views;
        self.drop_if(|kept| matches!(kept.state, State::Asked) && kept.wanted != now);
        let mut n_asked =
            self.kept.values().filter(|kept| matches!(kept.state, State::Asked)).count();
        for Placed { tile, .. } in wanted {
            if n_asked == MOST_ASKED {
                break;
            }
            if !self.kept.contains_key(&tile) && self.ask(tile).is_some() {
                n_asked += 1;
            }
        }
        if self.kept.len() > MOST_KEPT {
            let mut ages: Vec<u64> = self.kept.values().map(|kept| kept.wanted).collect();
            ages.sort_unstable();
            let oldest = ages.get(ages.len() - MOST_KEPT).copied().unwrap_or_default();
            self.drop_if(|kept| kept.wanted < oldest);
        }
    }

    fn ask(&mut self, tile: Tile) -> Option<()> {
        let image = HtmlImageElement::new().ok()?;
        let listener = self.on_end.as_ref().unchecked_ref();
        image.set_onload(Some(listener));
        image.set_onerror(Some(listener));
        image.set_src(&tile.url(&self.server.url));
        self.kept.insert(tile, Kept { image, state: State::Asked, wanted: self.n_views });
        Some(())
    }

    /// Notes what became of a tile.
    pub fn ended(&mut self, event: &Event) {
        let image = event.target();
        let of = |kept: &&mut Kept| Some(kept.image.unchecked_ref()) == image.as_ref();
        if let Some(kept) = self.kept.values_mut().find(of) {
            kept.state = if event.type_() == "load" { State::Here } else { State::Missing };
        }
    }

    /// Ends what is under way.
    pub fn stop(&mut self) {
        self.drop_if(|kept| matches!(kept.state, State::Asked));
    }

    fn drop_if(&mut self, is_over: impl Fn(&Kept) -> bool) {
        self.kept.retain(|_, kept| {
            let is_over = is_over(kept);
            if is_over {
                kept.image.set_onload(None);
                kept.image.set_onerror(None);
                // An image without an address ends its request.
                kept.image.set_src("");
            }
            !is_over
        });
    }

    /// Paints what there is of a view, coarser tiles where finer ones are still to come; whether they cover it.
    pub fn paint(&self, context: &CanvasRenderingContext2d, view: &View) -> bool {
        let mut n_missing = 0;
        for Placed { tile, at: (x, y), side } in tiles(view, self.server.max_zoom) {
            let mut shown = Some(tile);
            while let Some(one) = shown
                && self.here(one).is_none()
            {
                shown = one.parent();
            }
            let Some((image, of)) = shown.and_then(|one| Some((self.here(one)?, one))) else {
                n_missing += 1;
                continue;
            };
            let (left, top, share) = part_of(of, tile);
            let (wide, high) =
                (f64::from(image.natural_width()), f64::from(image.natural_height()));
            // Half a pixel more than the tile, or the world would show between two.
            let _ = context
                .draw_image_with_html_image_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    image,
                    left * wide,
                    top * high,
                    share * wide,
                    share * high,
                    x,
                    y,
                    side + 0.5,
                    side + 0.5,
                );
        }
        n_missing == 0
    }

    fn here(&self, tile: Tile) -> Option<&HtmlImageElement> {
        let kept = self.kept.get(&tile).filter(|kept| matches!(kept.state, State::Here))?;
        Some(&kept.image)
    }
}
