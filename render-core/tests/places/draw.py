#!/usr/bin/env python3
"""Draws the made-up places of this folder: `python3 draw.py [NAME…]` writes NAME/NAME.json.

Metres around each place's middle, x east, y north; no real data. The files are committed, so
this runs only when a place changes; `UPDATE_REFS=1 cargo test --test places` renews the rest.
"""

import json
import math
import random
import sys
from pathlib import Path

METRES_PER_DEGREE = 111_195


class Place:
    """Elements of one place, given in metres."""

    def __init__(self, name, lat, lon):
        self.name, self.lat, self.lon = name, lat, lon
        self.elements, self.next_id = [], 1001
        self.dice = random.Random(name)

    def geometry(self, line):
        """`None` becomes a vertex that the server left out."""
        east = METRES_PER_DEGREE * math.cos(math.radians(self.lat))

        def vertex(at):
            lon = self.lon + at[0] / east
            lon -= 360 if lon > 180 else 0
            return {"lat": round(self.lat + at[1] / METRES_PER_DEGREE, 6), "lon": round(lon, 6)}

        return [at and vertex(at) for at in line]

    def new_id(self):
        self.next_id += 1
        return self.next_id

    def way(self, tags, line, way_id=None):
        way_id = way_id or self.new_id()
        self.elements.append(
            {"type": "way", "id": way_id, "geometry": self.geometry(line), "tags": words(tags)}
        )
        return way_id

    def ways(self, tags, lines):
        for line in lines:
            self.way(tags, line)

    def relation(self, tags, members, relation_id=None):
        """Members: role and line, or role and None where the server sent no geometry; a third
        entry is the way's id."""
        entries = []
        for role, line, *way_id in members:
            entry = {"type": "way", "ref": way_id[0] if way_id else self.new_id(), "role": role}
            if line is not None:
                entry["geometry"] = self.geometry(line)
            entries.append(entry)
        self.elements.append(
            {
                "type": "relation",
                "id": relation_id or self.new_id(),
                "members": entries,
                "tags": {"type": "multipolygon", **words(tags)},
            }
        )

    def coast(self, ring, n_ways=1, start=0):
        """A coastline in so many ways, the last first: no order may matter."""
        ring = rotated(ring, start) if ring[0] == ring[-1] else ring
        cuts = [round(i * (len(ring) - 1) / n_ways) for i in range(n_ways + 1)]
        parts = [ring[a : b + 1] for a, b in zip(cuts, cuts[1:])]
        self.ways("natural=coastline", parts[::-1])

    def houses(self, line, every=26, setback=13, size=(16, 11), sides=(1, -1), keep=None):
        """Rows of houses along a street."""
        for a, b in zip(line, line[1:]):
            length = math.dist(a, b)
            along = ((b[0] - a[0]) / length, (b[1] - a[1]) / length)
            across = (-along[1], along[0])
            for i in range(int(length / every)):
                for side in sides:
                    t = (i + 0.5) * every
                    w, d = (s * self.dice.uniform(0.75, 1.1) / 2 for s in size)
                    off = side * (setback + d)
                    cx = a[0] + t * along[0] + off * across[0]
                    cy = a[1] + t * along[1] + off * across[1]
                    if keep and not keep((cx, cy)):
                        continue
                    corners = [(-w, -d), (w, -d), (w, d), (-w, d), (-w, -d)]
                    self.way(
                        "building=yes",
                        [
                            (cx + u * along[0] + v * across[0], cy + u * along[1] + v * across[1])
                            for u, v in corners
                        ],
                    )

    def write(self):
        top = {
            "version": 0.6,
            "generator": "draw.py: a made-up place",
            "osm3s": {"timestamp_osm_base": "2026-01-01T00:00:00Z"},
            "elements": self.elements,
        }
        text = json.dumps(top, separators=(",", ":")).replace('},{"type":"way","id"', '},\n{"type":"way","id"')
        folder = Path(__file__).parent / self.name
        folder.mkdir(exist_ok=True)
        (folder / f"{self.name}.json").write_text(text + "\n")
        print(f"{self.name}: {len(text)} bytes, {len(self.elements)} elements")
        if len(text) > 20_480:
            print("  which is too large for a test")


def words(tags):
    return dict(tag.split("=", 1) for tag in tags.split(" "))


def rotated(ring, start):
    ring = ring[:-1]
    start %= len(ring)
    return ring[start:] + ring[: start + 1]


def curve(points, n=4):
    """A smooth line through points (Catmull–Rom), `n` vertices for each; closed if they are."""
    closed = points[0] == points[-1]
    inner = points[:-1] if closed else points
    at = (lambda i: inner[i % len(inner)]) if closed else (lambda i: inner[min(max(i, 0), len(inner) - 1)])
    line = []
    for i in range(len(inner) if closed else len(inner) - 1):
        p = [at(i + k) for k in (-1, 0, 1, 2)]
        for j in range(n):
            t = j / n
            weights = [
                (-t + 2 * t**2 - t**3) / 2,
                (2 - 5 * t**2 + 3 * t**3) / 2,
                (t + 4 * t**2 - 3 * t**3) / 2,
                (t**3 - t**2) / 2,
            ]
            line.append(tuple(sum(w * q[k] for w, q in zip(weights, p)) for k in (0, 1)))
    line.append(line[0] if closed else inner[-1])
    return line


def blob(place, x, y, rx, ry, n=16, rough=0.15, turn=0.0):
    """A closed curvy ring, counter-clockwise."""
    ring = []
    for i in range(n):
        angle = math.tau * i / n
        r = 1 + place.dice.uniform(-rough, rough)
        u, v = rx * r * math.cos(angle), ry * r * math.sin(angle)
        ring.append((x + u * math.cos(turn) - v * math.sin(turn), y + u * math.sin(turn) + v * math.cos(turn)))
    return curve(ring + ring[:1], 2)


def box(x, y, w, h):
    """A rectangle around its middle, counter-clockwise."""
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1)]
    return [(x + i * w / 2, y + j * h / 2) for i, j in corners]


def inside(ring, at):
    is_in = False
    for a, b in zip(ring, ring[1:]):
        if (a[1] > at[1]) != (b[1] > at[1]):
            is_in ^= at[0] < a[0] + (at[1] - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    return is_in


def venice_like_lagoon(p):
    # Islands are the cells of a bent grid, with canals between them.
    def corner(i, j):
        x, y = -270 + 150 * i, -190 + 165 * j
        return x + 45 * math.sin(j * 1.3) - 12 * j, y + 38 * math.sin(i * 1.1) + 14 * i

    def corners_of(i, j):
        return [corner(i, j), corner(i + 1, j), corner(i + 1, j + 1), corner(i, j + 1)]

    middles = {
        (i, j): tuple(sum(at[k] for at in corners_of(i, j)) / 4 for k in (0, 1))
        for i in range(4)
        for j in range(3)
    }
    for i in range(4):
        for j in range(2 if i in (0, 3) else 3):
            corners, (cx, cy) = corners_of(i, j), middles[i, j]
            # A canal is 14 m wide, the one in the middle 40 m.
            gap = {1: (0.86, 0.88), 2: (0.86, 0.88)}.get(i, (0.9, 0.9))
            inset = [(cx + gap[0] * (x - cx), cy + gap[1] * (y - cy)) for x, y in corners]
            sides = []
            for a, b in zip(inset, inset[1:] + inset[:1]):
                sides.append(a)
                wobble = p.dice.uniform(-5, 5)
                sides.append(((a[0] + b[0]) / 2 + wobble, (a[1] + b[1]) / 2 - wobble))
            p.coast(sides + sides[:1], 1, 3 * i + j)
            west, east, middle = (-55 + cx, cy - 8), (55 + cx, cy + 10), (cx, cy + 2)
            p.way("highway=footway", [west, middle, east])
            p.houses([west, middle], 54, 8, (42, 36))
            p.houses([middle, east], 54, 8, (40, 32))
            if (i + 1, j) in middles and not (i in (0, 2) and j == 2):
                nx, ny = middles[i + 1, j]
                p.way("highway=footway bridge=yes layer=1", [east, (nx - 55, ny - 8)])
    # The mainland with its causeway, and a bar of sand that the frame cuts.
    p.coast(curve([(-900, 420), (-520, 380), (-380, 470), (-250, 700), (-240, 900)], 5), 2)
    p.way("railway=rail bridge=yes layer=1", [(-480, 560), (-330, 440), (-150, 250)])
    p.way("highway=secondary bridge=yes layer=1", [(-470, 575), (-320, 452), (-140, 262)])
    p.coast(curve([(330, -900), (420, -300), (560, 150), (900, 700), (980, 640), (700, 100), (560, -320), (480, -900), (330, -900)], 3)[::-1], 3, 5)
    p.way("natural=wetland wetland=tidalflat", blob(p, 250, 460, 120, 60, 10, 0.3))


def atoll(p):
    # Islets on a circle, the lagoon between them open sea.
    for i, (begin, end) in enumerate([(0.2, 1.1), (1.4, 1.9), (2.2, 3.4), (3.7, 4.3), (4.6, 5.9)]):
        n = 7
        angle = [begin + (end - begin) * k / n for k in range(n + 1)]
        wide = [70 * math.sin(math.pi * (k + 0.6) / (n + 1.2)) for k in range(n + 1)]
        outer = [(0.74 * (1000 + w) * math.cos(a), (1000 + w) * math.sin(a)) for a, w in zip(angle, wide)]
        inner = [(0.74 * (1000 - w) * math.cos(a), (1000 - w) * math.sin(a)) for a, w in zip(angle, wide)]
        ring = outer + inner[::-1]
        p.coast(curve(ring + ring[:1], 1), 1 + i % 3, 4 * i)
        path = [(0.74 * 1000 * math.cos(a), 1000 * math.sin(a)) for a in angle[1:-1]]
        p.way("highway=track" if i % 2 else "highway=residential", path)
        if i in (0, 2):
            p.houses(path[4:] if i else path, 60, 14, (26, 18))
        grove = [(0.74 * (1000 + s * w) * math.cos(a), (1000 + s * w) * math.sin(a)) for s, k in ((0.75, 1), (0.15, -1)) for a, w in list(zip(angle, wide))[1:-1][::k]]
        if i in (1, 4):
            p.way("natural=wood", grove + grove[:1])
    # An island that is whole: its lagoon is a ring of coast the other way round, with an islet.
    p.coast(blob(p, 60, 120, 330, 300, 14, 0.08), 2, 9)
    p.coast(blob(p, 60, 130, 210, 180, 12, 0.1)[::-1], 2, 3)
    p.coast(blob(p, 20, 160, 60, 45, 8, 0.15))
    p.way("natural=wood", blob(p, 20, 160, 34, 24, 6, 0.15))
    p.way("natural=beach", blob(p, 60, -175, 130, 22, 8, 0.1))
    p.way("highway=residential", blob(p, 60, 125, 272, 240, 12, 0.04))
    p.way("aeroway=runway", [(-600, 640), (-690, 440)])


def strait(p):
    # Land on the left: the western shore runs north, the eastern one south.
    west = curve([(-90, 900), (-110, 620), (-60, 430), (-150, 300), (-120, 160), (-200, 20), (-150, -180), (-230, -380), (-190, -900)], 5)
    east = curve([(150, -900), (110, -500), (170, -300), (90, -120), (130, 80), (60, 240), (130, 420), (120, 600), (180, 900)], 5)
    p.coast(west[::-1], 3)
    p.coast(east[::-1], 2)
    p.coast(blob(p, -20, -60, 34, 22, 9, 0.2))
    p.way("man_made=breakwater", [(-118, 160), (-70, 175), (-50, 215)])
    p.way("highway=motorway bridge=yes layer=2", [(-330, 330), (-150, 325), (80, 318), (360, 300)])
    p.way("highway=motorway", [(-560, 350), (-330, 330)])
    p.way("highway=motorway", [(360, 300), (560, 280)])
    p.way("railway=rail tunnel=yes layer=-2", [(-330, -40), (-180, -20), (110, -30), (280, 20)])
    p.way("railway=rail", [(-560, -90), (-330, -40)])
    p.way("railway=rail", [(280, 20), (560, 90)])
    for side, shore in ((-1, west), (1, east[::-1])):
        quay = [(x + side * 34, y) for x, y in shore[4:-4:3]]
        p.way("highway=secondary", quay)
        p.houses(quay[1:-1], 44, 12, (26, 20), (-1,) if side < 0 else (1,))
        for k in range(2, len(quay) - 2, 2):
            x, y = quay[k]
            p.way("highway=residential", [(x, y), (x + side * 150, y + 22), (x + side * 420, y + 8)])
        for x in (150, 290):
            p.way("highway=tertiary", [(side * (x + 130), -520), (side * (x + 100), 0), (side * (x + 90), 560)])


def island_cut_by_the_frame(p):
    ring = curve([(-150, -30), (-90, -190), (60, -230), (240, -330), (500, -420), (900, -300), (980, 120), (700, 420), (420, 330), (250, 380), (90, 260), (-40, 240), (-130, 120), (-150, -30)], 4)
    # The ring begins in the frame, and its ways are in no order.
    p.coast(ring, 3, 2)
    p.coast(blob(p, -240, 260, 50, 32, 10, 0.25), 1, 4)
    p.coast(blob(p, -350, -60, 70, 60, 10, 0.2), 2, 4)
    p.coast(blob(p, -60, 490, 120, 60, 12, 0.15), 1, 7)
    p.way("landuse=forest", blob(p, 300, 180, 110, 90, 10, 0.2))
    p.way("natural=water", blob(p, 170, -150, 44, 30, 9, 0.2))
    main = curve([(-120, 20), (0, 60), (120, 20), (260, 10), (600, 60)], 2)
    p.way("highway=primary", main)
    lane = curve([(0, 60), (20, 150), (90, 200)], 2)
    p.way("highway=residential", lane)
    shore = curve([(-100, 0), (-60, -110), (60, -160), (160, -220)], 2)
    p.way("highway=residential", shore)
    p.way("highway=track", [(260, 10), (330, -150), (420, -260)])
    p.houses(main[:-2], 32)
    p.houses(shore, 34, 12, (15, 11), (1,))
    p.houses(lane, 30)
    p.way("man_made=pier", [(-144, 60), (-215, 75)])


def estuary(p):
    # The coast runs into the river's mouth and across it: what is above is the river's water.
    mouth_west, mouth_east = (-75, 120), (60, 105)
    p.coast(curve([(600, 20), (420, -60), (280, -20), (170, -70), (110, 20), mouth_east], 5)[::-1])
    p.coast([mouth_west, (-10, 128), mouth_east])
    p.coast(curve([mouth_west, (-120, 10), (-190, -60), (-300, -30), (-420, -90), (-600, -40)], 5)[::-1])
    west_bank = curve([mouth_west, (-60, 220), (-120, 320), (-70, 430), (-110, 560), (-60, 900)], 4)
    east_bank = curve([mouth_east, (30, 210), (-40, 300), (0, 420), (-20, 560), (30, 900)], 4)
    # Upstream the relation's members have no geometry.
    p.relation("natural=water water=river", [("outer", west_bank), ("outer", east_bank[::-1]), ("outer", [mouth_east, (-10, 128), mouth_west]), ("outer", None)], 77)
    p.way("waterway=river", curve([(-10, 900), (-65, 560), (-35, 420), (-80, 310), (-15, 210), (-10, 128), (0, -30)], 3))
    p.way("waterway=stream", curve([(360, 560), (260, 400), (120, 330), (-10, 400)], 3))
    p.way("natural=wetland wetland=tidalflat", blob(p, -150, -95, 130, 46, 12, 0.2))
    p.way("natural=shoal", blob(p, 45, -110, 52, 22, 9, 0.2, 0.4))
    p.way("natural=wetland wetland=saltmarsh", blob(p, 190, 40, 90, 50, 10, 0.2))
    p.way("highway=primary bridge=yes layer=1", [(-150, 300), (30, 290)])
    for main, sides in (([(-520, 180), (-300, 240), (-150, 300)], (1, -1)), ([(30, 290), (200, 230), (520, 190)], (1,))):
        p.way("highway=primary", main)
        p.houses(main, 54, 14, (24, 16), sides)
    for x in (-330, -240):
        street = [(x, 40), (x + 20, 200), (x + 10, 420)]
        p.way("highway=residential", street)
        p.houses(street, 62, 10, (20, 14))
    p.way("landuse=farmland", curve([(60, 420), (330, 330), (520, 420), (500, 620), (60, 640), (60, 420)], 1))


def lake_with_island_with_pond(p):
    lake = blob(p, 0, 90, 290, 250, 18, 0.12)
    island = blob(p, 30, 110, 140, 110, 14, 0.12)
    # In three ways, the second one backwards.
    thirds = [lake[0:13], lake[12:25][::-1], lake[24:]]
    p.relation("natural=water water=lake", [("outer", thirds[1]), ("inner", island), ("outer", thirds[2]), ("outer", thirds[0])])
    p.way("natural=wood", blob(p, 30, 112, 118, 88, 12, 0.1))
    p.way("natural=water", blob(p, 40, 118, 50, 36, 10, 0.15))
    p.way("natural=wood", blob(p, 42, 118, 15, 12, 7, 0.1))
    # An island that nobody cut out of the lake.
    p.way("natural=wood", blob(p, -170, 60, 42, 34, 9, 0.15))
    p.way("highway=path", [(-60, 150), (0, 170), (60, 172), (120, 130)])
    ring = blob(p, 0, 90, 345, 305, 16, 0.05)
    p.way("highway=secondary", ring)
    p.houses(ring[8:28], 46, 12, (18, 13), (-1,))
    p.way("leisure=park", blob(p, 250, 320, 110, 60, 9, 0.2))
    p.way("man_made=pier", [(258, 60), (205, 66)])


def enclosing_forest(p):
    # Kilometres beyond the frame on all sides.
    forest = blob(p, 200, -300, 6000, 5200, 16, 0.15)
    clearing = blob(p, -40, 120, 210, 170, 14, 0.18)
    meadow = blob(p, 250, 330, 110, 70, 10, 0.2)
    p.relation("landuse=forest", [("inner", clearing), ("outer", forest[:12]), ("outer", forest[11:][::-1]), ("inner", meadow), ("inner", blob(p, 3800, 900, 300, 300, 8))])
    p.way("landuse=meadow", meadow)
    # A marsh around the frame's south of which the server sent what is near.
    p.relation("natural=wetland", [("outer", [None] + curve([(-700, -190), (-350, -150), (-100, -210), (180, -160), (420, -220), (760, -180)], 3) + [None]), ("outer", None)], 88)
    p.way("natural=water", blob(p, -130, 190, 48, 34, 10, 0.2))
    road = curve([(-560, 30), (-300, 60), (-120, 90), (60, 110), (300, 180), (600, 200)], 3)
    p.way("highway=tertiary", road)
    p.houses(road[5:11], 32, 12, (17, 12))
    lane = [(-40, 96), (-20, 180), (40, 250)]
    p.way("highway=residential", lane)
    p.houses(lane, 30, 10)
    p.way("highway=track", curve([(40, 250), (120, 330), (80, 480), (140, 640)], 3))
    p.way("highway=path", curve([(-250, 66), (-300, 220), (-230, 380), (-320, 600)], 3))
    p.way("waterway=stream", curve([(-130, 160), (-170, 30), (-120, -120), (-150, -300)], 4))


def antimeridian_frame(p):
    # 180° runs through the middle: x < 0 is at 179.99…° E, x > 0 at 179.99…° W.
    ring = curve([(-420, -80), (-260, -260), (-40, -220), (120, -330), (380, -240), (470, 40), (300, 190), (330, 420), (90, 520), (-60, 380), (-260, 420), (-380, 200), (-420, -80)], 4)
    p.coast(ring, 4, 5)
    p.coast(blob(p, 0, 760, 130, 80, 12, 0.2))
    p.coast(blob(p, -620, 330, 120, 160, 10, 0.2))
    lagoon = blob(p, 110, 150, 90, 60, 10, 0.2)
    p.way("natural=water", lagoon)
    p.way("landuse=forest", blob(p, 0, 360, 130, 90, 12, 0.15))
    p.way("natural=beach", [(-40, -220), (30, -258), (120, -330), (130, -300), (50, -232), (-40, -196), (-40, -220)])
    main = curve([(-340, 60), (-180, -60), (0, -40), (200, -80), (380, -20)], 3)
    p.way("highway=primary", main)
    p.houses(main, 44, 13, (24, 16))
    for x in (-150, -10, 130):
        p.way("highway=residential", [(x, -60), (x + 10, -170)])
    p.way("highway=track", curve([(-180, -60), (-220, 120), (-120, 260), (20, 440)], 3))
    p.way("man_made=pier", [(0, -225), (-10, -330)])


def seventy_eight_north(p):
    p.coast(curve([(2400, 300), (1500, 120), (900, -160), (420, -120), (160, 60), (-120, 40), (-380, -140), (-700, -60), (-980, 260), (-1500, 330), (-2400, 500)], 5)[::-1], 2)
    p.coast(curve([(-2400, -1300), (-1200, -1150), (-400, -1320), (400, -1180), (1300, -1350), (2400, -1250)], 4)[::-1])
    glacier = curve([(500, 1050), (700, 620), (900, 560), (1150, 900), (1500, 1700), (900, 2200), (480, 1700), (500, 1050)], 4)
    moraine = blob(p, 880, 1050, 110, 60, 8, 0.2)
    p.relation("natural=glacier", [("outer", glacier), ("inner", moraine)])
    p.way("natural=bare_rock", blob(p, -700, 900, 330, 260, 12, 0.25))
    p.way("waterway=river", curve([(700, 620), (420, 420), (300, 220), (230, 20)], 4))
    main = curve([(-900, 330), (-560, 170), (-200, 180), (160, 200), (520, 40), (1500, 330)], 2)
    p.way("highway=tertiary", main)
    for x, y in ((-420, 172), (-260, 178), (-100, 186)):
        street = [(x, y), (x - 30, y + 190), (x - 10, y + 340)]
        p.way("highway=residential", street)
        p.houses(street, 72, 20, (44, 26))
    p.way("aeroway=runway", [(-1500, 520), (-900, 420)])
    p.way("highway=track", curve([(-120, 520), (60, 760), (300, 980)], 3))
    p.way("man_made=pier area=yes", [(-180, 20), (-150, 40), (-190, -110), (-230, -100), (-180, 20)])


def courtyards(p):
    # The first has a yard, the second one with a house in it, the third two that touch in a corner.
    def block(x, y, w=96, h=78, yards=()):
        p.relation("building=yes", [("outer", box(x, y, w, h))] + [("inner", yard[::-1]) for yard in yards])

    block(-120, 110, yards=[box(-120, 110, 52, 36)])
    block(0, 110, yards=[box(0, 110, 60, 46)])
    p.way("building=yes", box(0, 110, 24, 16))
    block(120, 110, yards=[box(98, 100, 40, 20), box(138, 122, 40, 24)])
    # Old style: the tags are on the outer way, which is a member.
    outer = box(-120, 10, 96, 78)
    p.way("building=yes", outer, 501)
    p.elements.append({"type": "relation", "id": 502, "members": [{"type": "way", "ref": 501, "role": "outer", "geometry": p.geometry(outer)}, {"type": "way", "ref": 503, "role": "inner", "geometry": p.geometry(box(-120, 10, 50, 40))}], "tags": {"type": "multipolygon"}})
    # The outer way has the relation's tag as well, and the yard is a garden.
    outer = box(0, 10, 96, 78)
    p.way("building=yes", outer, 511)
    p.relation("building=yes", [("outer", outer, 511), ("inner", box(0, 10, 62, 46), 512)])
    p.way("leisure=garden", box(0, 10, 62, 46), 512)
    p.way("natural=water", blob(p, 0, 10, 9, 7, 7, 0.1))
    # A palace: three yards, and a round one with a chapel.
    circle = [(150 + 17 * math.cos(a * math.tau / 16), 20 + 17 * math.sin(a * math.tau / 16)) for a in range(17)]
    block(120, 10, yards=[box(92, -8, 22, 24), box(92, 28, 22, 24), box(118, 10, 14, 56), circle[:-1] + circle[:1]])
    p.way("building=church", box(150, 20, 10, 14))
    # A row of houses with a bend.
    p.relation("building=yes", [("outer", curve([(-160, -60), (-80, -84), (0, -60), (0, -44), (-80, -66), (-160, -44), (-160, -60)], 1))])
    block(90, -85, 150, 60, yards=[box(48, -85, 34, 30), box(90, -85, 34, 30), box(132, -85, 34, 30)])
    for y in (166, 60, -38):
        p.way("highway=residential", [(-300, y), (300, y)])
    for x in (-60, 60, -182, 182):
        p.way("highway=tertiary" if x == 60 else "highway=residential", [(x, 300), (x, -38)])
    p.way("highway=footway", [(-60, 110), (-94, 110), (-146, 110)])
    p.way("highway=residential", [(-182, -38), (-182, -300)])
    p.way("leisure=park", box(0, 205, 330, 60))


def bridge_over_bridge(p):
    river = curve([(-420, 60), (-250, 20), (-100, 60), (60, 10), (220, 60), (420, 30)], 3)
    banks = [(x, y + 38) for x, y in river] + [(x, y - 36) for x, y in river[::-1]]
    p.way("natural=water", banks + banks[:1])
    p.way("waterway=river", river)
    # From below: quay roads, a railway bridge, a street over it, a motorway over both.
    p.way("highway=secondary", curve([(-420, -20), (-200, -40), (60, -60), (420, -30)], 3))
    p.way("highway=primary bridge=yes layer=1", [(-110, 160), (-80, -120)])
    p.ways("highway=primary", [[(-140, 420), (-110, 160)], [(-80, -120), (-60, -420)]])
    p.way("railway=rail bridge=yes layer=2", [(-230, 140), (-40, 20), (170, -110)])
    p.ways("railway=rail", [[(-420, 250), (-230, 140)], [(170, -110), (420, -240)]])
    p.way("highway=motorway bridge=yes layer=3", curve([(-260, -130), (-120, -20), (40, 130), (110, 260)], 3))
    p.ways("highway=motorway", [[(-420, -230), (-260, -130)], [(110, 260), (160, 420)]])
    p.way("highway=footway bridge=yes layer=4", curve([(-60, 190), (20, 60), (60, -70), (130, -140)], 3))
    # Two bridges of one layer beside each other, and a tunnel under all of it.
    p.way("highway=tertiary bridge=yes layer=1", [(180, 140), (200, -90)])
    p.way("highway=cycleway bridge=yes layer=1", [(192, 140), (212, -90)])
    p.ways("highway=tertiary", [[(150, 420), (180, 140)], [(200, -90), (230, -420)]])
    p.way("highway=trunk tunnel=yes layer=-1", [(-330, 90), (0, 100), (300, 90)])
    p.ways("highway=trunk", [[(-420, 95), (-330, 90)], [(300, 90), (420, 80)]])
    p.houses([(-420, 210), (-160, 200)], 40, 12, (26, 18), (1,))
    p.houses([(240, 130), (420, 130)], 40, 6, (26, 18), (1,))
    p.houses([(-40, -130), (170, -170)], 40, 10, (26, 18), (-1,))
    p.way("leisure=park", blob(p, 300, 240, 90, 60, 9, 0.2))


def tunnel_under_park(p):
    park = blob(p, 0, 110, 210, 170, 16, 0.1)
    p.way("leisure=park", park)
    p.way("natural=wood", blob(p, -90, 170, 70, 50, 10, 0.2))
    p.way("natural=water", blob(p, 80, 120, 60, 44, 10, 0.2))
    p.way("highway=motorway tunnel=yes layer=-1", [(-260, 40), (-60, 90), (130, 130), (260, 190)])
    p.ways("highway=motorway", [[(-500, -30), (-260, 40)], [(260, 190), (500, 300)]])
    p.way("railway=subway layer=-2", curve([(-60, 560), (-30, 250), (40, 80), (30, -120), (80, -500)], 4))
    p.way("railway=subway tunnel=yes layer=-3", [(-500, 260), (-40, 250), (500, 180)])
    p.way("building=yes", box(-130, 66, 46, 34))
    p.way("building=yes", box(-20, 216, 30, 22))
    p.way("highway=path", curve([(-200, 160), (-60, 130), (40, 190), (170, 210)], 3))
    p.way("highway=path", curve([(-40, -50), (-20, 60), (10, 150), (-40, 260)], 3))
    ring = blob(p, 0, 110, 248, 206, 14, 0.03)
    p.way("highway=secondary", ring)
    for x in (-300, -150, 0, 150, 300):
        street = [(x, -500), (x + 8, -290), (x + 4, -110)]
        p.way("highway=residential", street)
        p.houses(street[1:], 40, 9, (20, 15))
    p.way("highway=primary", [(-500, -110), (500, -105)])
    p.way("waterway=stream tunnel=culvert layer=-1", [(80, 80), (120, -110)])


def tidal_flat_and_pier(p):
    # The harbour basin is a bay of the coast; land on the left, the sea in the south.
    shore = curve([(600, -30), (420, -10), (300, 30), (210, 20)], 4)
    basin = [(190, 20), (190, 170), (60, 170), (60, 20)]
    west = curve([(40, 20), (-60, 30), (-170, 90), (-280, 60), (-420, 130), (-600, 110)], 5)
    p.coast((shore + basin + west)[::-1], 3)
    # Seaward of the coast: a tidal flat, a beach, a bank of sand.
    p.way("natural=wetland wetland=tidalflat", [(-600, 112)] + west[4:][::-1] + curve([(-90, 10), (-160, -60), (-300, -100), (-460, -30), (-600, -20)], 3) + [(-600, 112)])
    p.way("natural=beach", shore[:10] + [(330, -10), (440, -60), (600, -80), (600, -30)])
    p.way("natural=shoal", blob(p, -240, -140, 60, 18, 9, 0.2))
    # Arms around the outer harbour: lines and an area.
    p.way("man_made=breakwater", curve([(40, 20), (10, -60), (40, -130), (90, -150)], 3))
    p.way("man_made=breakwater", [(210, 20), (225, -70), (190, -130), (150, -150), (148, -140), (182, -122), (214, -68), (200, 20), (210, 20)])
    p.way("man_made=pier", [(300, 30), (318, -170)])
    p.way("man_made=pier area=yes", [(300, -170), (340, -170), (340, -200), (300, -200), (300, -170)])
    p.ways("man_made=pier", [[(60, y), (110, y)] for y in (60, 95, 130)])
    p.ways("man_made=pier", [[(190, y), (145, y)] for y in (60, 95, 130)])
    p.way("waterway=dock", box(125, 260, 90, 30))
    p.way("highway=secondary", curve([(-600, 190), (-280, 150), (-150, 190), (20, 210), (230, 210), (320, 100), (600, 60)], 3))
    for x in (-220, -110, 0, 240):
        street = [(x, 196), (x + 10, 330), (x, 520)]
        p.way("highway=residential", street)
        p.houses(street, 52, 9, (20, 14))
    p.way("building=warehouse", box(125, 195, 100, 22))
    p.way("highway=footway", [(300, 30), (318, -170)])


def broken_multipolygons(p):
    # One a cell, named by its id; `relation 200 + cell`, from the top left.
    def at(column, row):
        return -240 + 160 * column, 300 - 165 * row

    def cell(column, row, tags, members):
        p.relation(tags, members, 200 + 10 * (row + 1) + column + 1)

    # Rows of four. Top: in pieces; many rings; touching rings; all roles empty.
    x, y = at(0, 0)
    ring = blob(p, x, y, 62, 58, 10)
    cell(0, 0, "natural=wood", [("outer", ring[12:][::-1]), ("outer", ring[:6]), ("outer", ring[5:13])])
    x, y = at(1, 0)
    cell(1, 0, "natural=wood", [("inner", blob(p, x - 22, y, 14, 22, 7)), ("outer", box(x, y, 116, 112)), ("inner", box(x + 26, y, 40, 70)), ("outer", box(x + 26, y, 20, 40))])
    x, y = at(2, 0)
    cell(2, 0, "natural=wood", [("outer", box(x - 28, y - 28, 56, 56)), ("outer", box(x + 28, y + 28, 56, 56)), ("inner", [(x - 56, y - 56), (x - 10, y - 36), (x - 36, y - 10), (x - 56, y - 56)])])
    x, y = at(3, 0)
    cell(3, 0, "natural=wood", [("", blob(p, x, y, 62, 58, 10)), ("", blob(p, x, y, 30, 26, 8))])
    # Middle: a bow tie; a gap; a hole called outer; a hole across the edge.
    x, y = at(0, 1)
    cell(0, 1, "natural=wood", [("outer", [(x - 60, y - 56), (x + 60, y + 56), (x + 60, y - 56), (x - 60, y + 56), (x - 60, y - 56)])])
    x, y = at(1, 1)
    ring = blob(p, x, y, 62, 58, 10)
    cell(1, 1, "natural=wood", [("outer", ring[:15]), ("outer", None)])
    x, y = at(2, 1)
    cell(2, 1, "natural=wood", [("outer", blob(p, x, y, 62, 58, 10)), ("outer", blob(p, x, y, 26, 30, 8))])
    x, y = at(3, 1)
    cell(3, 1, "natural=wood", [("outer", box(x, y, 112, 112)), ("inner", box(x + 50, y, 50, 50))])
    # Bottom: a hole without a ring, beside one; a member twice; old style; hardly anything left.
    x, y = at(0, 2)
    cell(0, 2, "natural=wood", [("outer", box(x - 30, y, 50, 100)), ("inner", box(x + 34, y, 40, 80))])
    x, y = at(1, 2)
    ring = blob(p, x, y, 62, 58, 10)
    cell(1, 2, "natural=wood", [("outer", ring[:11], 901), ("outer", ring[10:], 902), ("outer", ring[:11], 901)])
    x, y = at(2, 2)
    outer = blob(p, x, y, 62, 58, 10)
    p.way("natural=wood", outer, 903)
    p.way("natural=water", blob(p, x, y, 26, 22, 8), 904)
    p.elements.append({"type": "relation", "id": 233, "members": [{"type": "way", "ref": 903, "role": "outer", "geometry": p.geometry(outer)}, {"type": "way", "ref": 904, "role": "inner", "geometry": p.elements[-1]["geometry"]}], "tags": {"type": "multipolygon"}})
    x, y = at(3, 2)
    cell(3, 2, "natural=wood", [("outer", [(x - 50, y - 50), (x - 10, y - 50)]), ("outer", None), ("outer", box(x + 20, y + 10, 50, 60))])
    for row in range(4):
        p.way("highway=residential", [(-500, 382 - 165 * row), (500, 382 - 165 * row)])
    for column in range(5):
        p.way("highway=residential", [(-320 + 160 * column, 560), (-320 + 160 * column, -300)])


PLACES = {
    venice_like_lagoon: (45.4, 12.3),
    atoll: (-5.3, 72.4),
    strait: (41.1, 29.0),
    island_cut_by_the_frame: (36.4, 25.4),
    estuary: (51.6, 1.1),
    lake_with_island_with_pond: (61.8, 28.3),
    enclosing_forest: (48.2, 13.4),
    antimeridian_frame: (-16.8, 180.0),
    seventy_eight_north: (78.2, 15.6),
    courtyards: (48.2, 16.4),
    bridge_over_bridge: (50.1, 8.6),
    tunnel_under_park: (52.5, 13.4),
    tidal_flat_and_pier: (53.7, 7.7),
    broken_multipolygons: (47.0, 8.0),
}

for draw, (lat, lon) in PLACES.items():
    if not sys.argv[1:] or draw.__name__ in sys.argv[1:]:
        place = Place(draw.__name__, lat, lon)
        draw(place)
        place.write()
