"""Charts with logarithmic axes, as SVG."""

import math

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM, GAP = 560, 320, 60, 36, 30, 64, 24
COLOURS = ["#0b5351", "#b3541e", "#4a4e9e", "#8a8a8a"]


def chart(title, unit, x_name, series):
    """One chart: `series` is a list of (name, [(x, y), ...]), all numbers above 0; both axes are logarithmic."""
    points = [point for _, curve in series for point in curve]
    low_x, high_x = decades([x for x, _ in points])
    low_y, high_y = decades([y for _, y in points])
    place_x = lambda x: LEFT + (math.log10(x) - low_x) / max(1, high_x - low_x) * (WIDTH - LEFT - RIGHT)
    place_y = lambda y: HEIGHT - BOTTOM - (math.log10(y) - low_y) / max(1, high_y - low_y) * (HEIGHT - BOTTOM - TOP)
    parts = [f'<text x="{LEFT}" y="18" class="title">{title}, {unit}</text>']
    for power in range(low_x, high_x + 1):
        x = place_x(10**power)
        parts.append(f'<line x1="{x:.1f}" y1="{TOP}" x2="{x:.1f}" y2="{HEIGHT - BOTTOM}" class="grid"/>')
        parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{10**power:,}</text>')
    for power in range(low_y, high_y + 1):
        y = place_y(10.0**power)
        parts.append(f'<line x1="{LEFT}" y1="{y:.1f}" x2="{WIDTH - RIGHT}" y2="{y:.1f}" class="grid"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - BOTTOM + 32}" text-anchor="middle">{x_name}</text>')
    for rank, (name, curve) in enumerate(series):
        colour = COLOURS[rank % len(COLOURS)]
        line = " ".join(f"{place_x(x):.1f},{place_y(y):.1f}" for x, y in curve)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{place_x(x):.1f}" cy="{place_y(y):.1f}" r="3" fill="{colour}"/>' for x, y in curve]
        at = LEFT + rank * (WIDTH - LEFT) / len(series)
        parts.append(f'<rect x="{at:.0f}" y="{HEIGHT - 20}" width="10" height="10" fill="{colour}"/>')
        parts.append(f'<text x="{at + 14:.0f}" y="{HEIGHT - 11}">{name}</text>')
    return "\n".join(parts)


def decades(numbers):
    """The powers of ten around all of them."""
    return math.floor(math.log10(min(numbers))), math.ceil(math.log10(max(numbers)))


def picture(charts):
    """Charts one under the other."""
    height = len(charts) * (HEIGHT + GAP)
    style = "text{font:12px sans-serif;fill:#222}.title{font-weight:bold}.grid{stroke:#ddd}"
    groups = [f'<g transform="translate(0 {rank * (HEIGHT + GAP)})">\n{chart_}\n</g>' for rank, chart_ in enumerate(charts)]
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}">'
    return "\n".join([head, f"<style>{style}</style>", '<rect width="100%" height="100%" fill="#fff"/>', *groups, "</svg>", ""])
