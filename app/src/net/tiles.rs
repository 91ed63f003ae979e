//! Raster tiles of a server that config.json names: asked for while the picker is open and its switch is on, at
//! most six at a time, kept in memory alone. A tile that does not come is no error: the built-in world is under it. It
//! is asked for once more after a pause; a server that says that this is too much is asked no more.

use std::collections::HashMap;
use std::rc::Rc;

use picker::View;
use picker::tiles::{Placed, Tile, part_of, tiles};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{CanvasRenderingContext2d, Event, HtmlImageElement, Response};

use super::config::TileServer;

/// Tiles on their way at a time.
const MOST_ASKED: usize = 6;
/// Tiles kept: some screens full, 256 kB each once drawn.
const MOST_KEPT: usize = 200;
/// Before a tile that did not come is asked for once more, ms.
pub const PAUSE_MS: i32 = 20_000;
/// As many in a row that do not come, of a server that does not say why, and it is asked for nothing for a pause.
const MOST_FAILED: usize = 6;

enum State {
    Asked,
    Here,
    /// Did not come, at this time, ms since 1970.
    Failed(f64),
}

struct Kept {
    image: HtmlImageElement,
    state: State,
    n_tries: u8,
    /// Counts views: when it was last wanted.
    wanted: u64,
}

/// A server's answer for an address; `None` where it lets no other site's page read that, or is out of reach.
pub async fn status(url: &str) -> Option<u16> {
    let response = JsFuture::from(web_sys::window()?.fetch_with_str(url)).await.ok()?;
    Some(response.dyn_into::<Response>().ok()?.status())
}

/// The tiles of one server.
pub struct Tiles {
    server: TileServer,
    kept: HashMap<Tile, Kept>,
    n_views: u64,
    /// Tiles in a row that did not come.
    n_failed: usize,
    /// Whether the server is being asked why; nothing else is asked of it meanwhile.
    is_checking: bool,
    /// Whether it does not say.
    is_silent: bool,
    /// Until when nothing is asked of it, ms since 1970.
    rests_until: f64,
    on_end: Closure<dyn Fn(Event)>,
}

impl Tiles {
    /// None asked for yet; `on_end` is called when one has come, or will not.
    #[must_use]
    pub fn new(server: TileServer, on_end: Rc<dyn Fn(&Event)>) -> Self {
        let on_end = Closure::new(move |event: Event| on_end(&event));
        Self {
            server,
            kept: HashMap::new(),
            n_views: 0,
            n_failed: 0,
            is_checking: false,
            is_silent: false,
            rests_until: 0.0,
            on_end,
        }
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
        let time = js_sys::Date::now();
        if self.is_checking || time < self.rests_until {
            return;
        }
        let mut n_asked =
            self.kept.values().filter(|kept| matches!(kept.state, State::Asked)).count();
        for Placed { tile, .. } in wanted {
            if n_asked == MOST_ASKED {
                break;
            }
            let is_due = self.kept.get(&tile).is_none_or(|kept| match kept.state {
                State::Failed(at) => kept.n_tries < 2 && time - at >= f64::from(PAUSE_MS),
                State::Asked | State::Here => false,
            });
            if is_due && self.ask(tile).is_some() {
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
        let n_tries = self.kept.get(&tile).map_or(0, |kept| kept.n_tries) + 1;
        self.kept.insert(tile, Kept { image, state: State::Asked, n_tries, wanted: self.n_views });
        Some(())
    }

    /// Notes what became of a tile. An address is given where the first in a row did not come: an image does not tell
    /// why, and [`status`] of that address may.
    pub fn ended(&mut self, event: &Event) -> Option<String> {
        let image = event.target();
        let of =
            |(_, kept): &(&Tile, &mut Kept)| Some(kept.image.unchecked_ref()) == image.as_ref();
        let (tile, kept) = self.kept.iter_mut().find(of)?;
        if event.type_() == "load" {
            kept.state = State::Here;
            self.n_failed = 0;
            return None;
        }
        kept.state = State::Failed(js_sys::Date::now());
        let url = tile.url(&self.server.url);
        self.n_failed += 1;
        self.rest_if_silent();
        let is_first = self.n_failed == 1 && !std::mem::replace(&mut self.is_checking, true);
        is_first.then_some(url)
    }

    /// Notes what a server said when it was asked why; true where it shall be asked no more.
    pub fn checked(&mut self, status: Option<u16>) -> bool {
        self.is_checking = false;
        self.is_silent = status.is_none();
        self.rest_if_silent();
        matches!(status, Some(403 | 429))
    }

    fn rest_if_silent(&mut self) {
        if self.is_silent && self.n_failed >= MOST_FAILED {
            self.rests_until = js_sys::Date::now() + f64::from(PAUSE_MS);
            self.n_failed = 0;
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
