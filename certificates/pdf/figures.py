"""Where a picture stands on its page, as the structure of a document tells it."""

from typing import Any

POINTS_PER_PIXEL = 0.75


def tell_box_in_points(figure: Any, *, page_height: float, zoom: float = 1) -> None:
    """Write the figure's box anew: WeasyPrint gives it in pixels from above, readers expect points
    from below. `page_height` is in points, as the page is printed.
    """
    left, top, right, bottom = (each * POINTS_PER_PIXEL * zoom for each in figure["A"]["BBox"])
    box = (left, page_height - bottom, right, page_height - top)
    figure["A"]["BBox"][:] = [round(each, 2) for each in box]
