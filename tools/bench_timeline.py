# SPDX-License-Identifier: Apache-2.0
"""One update as a picture: link, engine, flash and processor as lanes over time, as SVG text.

A timeline file (tests/bench/measure.c) is `clk_hz N` and `payload_bytes N`, then in the order of time
  CYCLE to_card from_card checking held flash awake    whenever one of these changes (struct card_activity)
  stage CYCLE TEXT                                     what the update agent begins, or the card has ended
  data CYCLE LENGTH                                    a RequestFirmwareData, answered at once
"""
import html

FIELDS = ("to_card", "from_card", "checking", "held", "flash", "awake")
FLASH = {1: "bus", 2: "program", 3: "erase"}
COLORS = {"answer": "#4c8bc4", "request": "#c2410c", "check": "#7c5cbf", "held": "#cfc6ea", "erase": "#d9822b",
          "program": "#3f9c6b", "bus": "#1f5c46", "awake": "#222222"}
LEGEND = (("answer", "answer's packets"), ("request", "request"), ("check", "SHA-256 and compare"),
          ("held", "buffers in use"), ("erase", "erase"), ("program", "program"), ("bus", "SPI transfer"),
          ("awake", "instructions"))
LEFT, WIDTH, RIGHT = 92, 1000, 218
LANES = (("link", 34), ("engine", 46), ("flash", 34), ("processor", 22))
GAP, TOP, AXIS = 10, 40, 26


class Timeline:
    """Intervals (begin, end) in seconds by what they show, and levels [(time, buffers in use)]."""

    def __init__(self, path):
        self.intervals = {name: [] for name, _ in LEGEND if name != "held"}
        self.levels, self.stages, self.requests = [(0.0, 0)], [], []
        self.payload = 0
        hz, open_since, state = 1, {}, None
        for line in path.read_text().splitlines():
            word, *rest = line.split(maxsplit=1)
            if word == "clk_hz":
                hz = int(rest[0])
            elif word == "payload_bytes":
                self.payload = int(rest[0])
            elif word == "stage":
                cycle, text = rest[0].split(maxsplit=1)
                self.stages.append((int(cycle) / hz, text))
            elif word == "data":
                self.requests.append(int(rest[0].split()[0]) / hz)
            else:
                numbers = rest[0].split() if rest else []
                if len(numbers) != len(FIELDS):
                    raise ValueError(f"{path}: broken line: {line}")
                state = dict(zip(FIELDS, map(int, numbers)))
                self.end = int(word) / hz
                self._change(self.end, state, open_since)
        for name, since in open_since.items():
            self.intervals[name].append((since, self.end))
        self.intervals["request"] = joined(self.intervals["request"], 2e-6)
        if not self.requests:
            raise ValueError(f"{path}: no request in it")

    def _change(self, time, state, open_since):
        now = {"answer": state["to_card"], "request": state["from_card"], "check": state["checking"],
               "awake": state["awake"]}
        now.update({name: state["flash"] == code for code, name in FLASH.items()})
        for name, on in now.items():
            if on and name not in open_since:
                open_since[name] = time
            elif not on and name in open_since:
                self.intervals[name].append((open_since.pop(name), time))
        if state["held"] != self.levels[-1][1]:
            self.levels.append((time, state["held"]))

    def stage(self, name, otherwise):
        return next((time for time, text in self.stages if text == name), otherwise)

    def transfer(self):
        return self.requests[0], self.stage("TransferComplete", self.end)

    def update(self):
        return self.stage("UpdateComponent", self.requests[0]), self.stage("applied", self.end)

    def share(self, name, begin, end):
        return sum(max(0, min(b, end) - max(a, begin)) for a, b in self.intervals[name]) / (end - begin)


def joined(intervals, gap):
    """Intervals with shorter gaps than `gap` seconds closed."""
    out = []
    for begin, end in intervals:
        if out and begin - out[-1][1] < gap:
            out[-1] = (out[-1][0], end)
        else:
            out.append((begin, end))
    return out


def columns(intervals, begin, end, count=WIDTH):
    """Share of each of `count` equal columns of [begin, end) that the intervals cover."""
    shares, step = [0.0] * count, (end - begin) / count
    for a, b in intervals:
        a, b = max(a, begin), min(b, end)
        if a >= b:
            continue
        first, last = int((a - begin) / step), min(int((b - begin) / step), count - 1)
        for i in range(first, last + 1):
            left = begin + i * step
            shares[i] += max(0.0, min(b, left + step) - max(a, left)) / step
    return shares


def bars(stack, top, height, least=0.0):
    """Columns, each with the (color, share) of a stack from the bottom up; equal neighbours are one rectangle."""
    out, run, since = [], None, 0
    for x, column in enumerate([*zip(*(shares for _, shares in stack)), None]):
        key = column and tuple(round(max(share, least) if share > 0 else 0, 2) for share in column)
        if key == run:
            continue
        if run:
            y = top + height
            for (color, _), share in zip(stack, run):
                if share:
                    y -= share * height
                    out.append(f'<rect x="{LEFT + since}" y="{y:.1f}" width="{x - since}" height="{share * height:.1f}" '
                               f'fill="{COLORS[color]}"/>')
        run, since = key, x
    return out


def area(levels, most, begin, end, top, height):
    """Buffers in use, as a filled curve of steps."""
    scale, level, points = WIDTH / (end - begin), 0, []
    for time, value in levels:
        if time <= begin:
            level = value
    y = lambda value: top + height - value / most * height
    points = [f"M{LEFT},{top + height} V{y(level):.1f}"]
    for time, value in levels:
        if begin < time < end:
            points.append(f"H{LEFT + (time - begin) * scale:.1f} V{y(value):.1f}")
    points.append(f"H{LEFT + WIDTH} V{top + height} Z")
    return f'<path d="{" ".join(points)}" fill="{COLORS["held"]}"/>'


def ticks(begin, end):
    """Round times for the axis, some eight of them."""
    step = 1e-6
    while (end - begin) / step > 10:
        step *= 2.5 if f"{step:e}"[0] == "2" else 2
    time = step * int(begin / step + 1)
    while time < end:
        yield time
        time += step


def duration(seconds):
    return f"{seconds:.4g} s" if seconds >= 1 else f"{seconds * 1e3:.4g} ms" if seconds >= 1e-3 else f"{seconds * 1e6:.4g} us"


def text(x, y, words, anchor="start", css=""):
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" class="{css}">{html.escape(words)}</text>'


def lanes():
    """(name, top, height) of each lane."""
    top = TOP
    for name, height in LANES:
        yield name, top, height
        top += height + GAP


def drawn(timeline, begin, end, marks):
    """The lanes of one stretch of time; `marks` are (time, text) above them."""
    of = lambda name: timeline.intervals[name]
    share = lambda name: timeline.share(name, begin, end)
    cut = lambda name: columns(of(name), begin, end)
    out, bottom = [], 0
    most = max(level for _, level in timeline.levels)
    busy = {name: share(name) for name in ("bus", "program", "erase")}
    notes = {
        "link": [f"answers {share('answer'):.1%} of the time", f"requests {share('request'):.2%}"],
        "engine": [f"checks {share('check'):.1%}", f"at most {most} buffers in use"],
        "flash": [f"erases {busy['erase']:.1%}, programs {busy['program']:.1%}",
                  f"transfers {busy['bus']:.1%}, idle {max(0, 1 - sum(busy.values())):.2%}"],
        "processor": [f"runs {share('awake'):.2%} of the time"],
    }
    for name, top, height in lanes():
        bottom = top + height
        out.append(f'<rect x="{LEFT}" y="{top}" width="{WIDTH}" height="{height}" class="lane"/>')
        out.append(text(LEFT - 8, top + height / 2 + 4, name, "end", "name"))
        for i, note in enumerate(notes[name]):
            out.append(text(LEFT + WIDTH + 8, top + 13 + 14 * i, note, css="note"))
        if name == "link":
            out += bars([("answer", cut("answer"))], top, height)
            out += bars([("request", cut("request"))], top, height * 0.4, least=1.0)
        elif name == "engine":
            out.append(area(timeline.levels, most, begin, end, top, height))
            out += bars([("check", cut("check"))], top + height * 0.6, height * 0.4, least=0.3)
        elif name == "flash":
            out += bars([(kind, cut(kind)) for kind in ("bus", "program", "erase")], top, height)
        else:
            out += bars([("awake", cut("awake"))], top, height, least=1.0)
    scale = WIDTH / (end - begin)
    for time in ticks(begin, end):
        x = LEFT + (time - begin) * scale
        out.append(f'<path d="M{x:.1f},{TOP} V{bottom + 4}" class="tick"/>')
        out.append(text(x, bottom + 17, duration(time), "middle", "note"))
    free = LEFT
    for time, words in marks:
        x = LEFT + (time - begin) * scale
        if begin <= time <= end:
            out.append(f'<path d="M{x:.1f},{TOP - 12} V{bottom}" class="mark"/>')
            room = 8 + 6.2 * len(words)
            left = x + room > LEFT + WIDTH  # of its line, so that it does not run out of the picture
            if x - left * room >= free:
                out.append(text(x - 3 if left else x + 3, TOP - 4, words, "end" if left else "start", "note"))
                free = x if left else x + room
    return out, bottom + AXIS


def svg(timeline, begin, end, title, marks=()):
    body, height = drawn(timeline, begin, end, marks)
    return "\n".join([f'<svg viewBox="0 0 {LEFT + WIDTH + RIGHT} {height}" role="img" class="timeline">',
                      f"<title>{html.escape(title)}</title>", text(LEFT, 16, title, css="title"), *body, "</svg>"])


def detail(timeline):
    """A stretch in the middle that shows single pages or answers, and what it is."""
    begin, end = timeline.transfer()
    middle = (begin + end) / 2
    erases = [b for a, b in timeline.intervals["erase"] if b > middle and b - a > 1e-3]
    if erases:
        return erases[0] - 0.02, min(erases[0] + 0.06, end), "around the end of an erase"
    later = [time for time in timeline.requests if time > middle]
    length = later[3] - later[0]
    return later[0] - length / 10, later[0] + length, "three answers"


def pictures(path, title):
    """The whole update and a stretch of it."""
    timeline = Timeline(path)
    begin, end = timeline.update()
    margin = (end - begin) * 0.02
    whole = svg(timeline, max(0, begin - margin), min(timeline.end, end + margin), title,
                [stage for stage in timeline.stages if stage[0] >= begin])
    a, b, what = detail(timeline)
    return whole + "\n" + svg(timeline, a, b, f"{duration(b - a)} of it, {what}")


def legend():
    return "".join(f'<span class="key"><i style="background:{COLORS[name]}"></i>{what}</span>' for name, what in LEGEND)
