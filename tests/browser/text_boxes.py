"""Whether texts of widgets are clipped or lie over each other, by their boxes in the page."""

# Takes a selector; returns a line for each trouble inside what it finds.
TROUBLE = """selector => {
    const troubles = [], widgets = '.widget-box, .jupyter-widgets, .ck-playground, .ck-race';
    for (const root of document.querySelectorAll(selector)) {
        const boxes = [];
        for (const widget of root.querySelectorAll(widgets)) {
            const walker = document.createTreeWalker(widget, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const node = walker.currentNode, parent = node.parentElement;
                const other = 'select, style, [hidden], mjx-container';
                if (!node.data.trim() || parent.closest(other)) continue;
                if (!parent.checkVisibility({opacityProperty: true, visibilityProperty: true}))
                    continue;
                const range = document.createRange();
                range.selectNodeContents(node);
                const box = range.getBoundingClientRect(), text = node.data.trim().slice(0, 40);
                if (box.width < 2 || box.height < 2) continue;
                let read = false;  // for screen readers alone
                for (let up = parent; up && widget.contains(up); up = up.parentElement) {
                    const frame = up.getBoundingClientRect(), style = getComputedStyle(up);
                    const over = Math.max(box.right - frame.right, frame.left - box.left);
                    read ||= style.overflowX !== 'visible' && frame.width <= 4;
                    if (!read && style.overflowX === 'hidden' && over > 1)
                        troubles.push(`clipped by ${over.toFixed()} px: ${text}`);
                    if (style.overflowX !== 'visible') break;
                }
                if (!read) boxes.push([node, range, text]);
            }
        }
        const seen = new Set(), lines = [];
        for (const [node, range, text] of boxes) {
            if (seen.has(node)) continue;
            seen.add(node);
            for (const box of range.getClientRects()) lines.push([node, box, text]);
        }
        for (let i = 0; i < lines.length; i++) for (let j = i + 1; j < lines.length; j++) {
            const [one, a, here] = lines[i], [other, b, there] = lines[j];
            if (one === other) continue;
            const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
            const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
            if (wide > 2 && high > 4) troubles.push(`one over another: ${here} | ${there}`);
        }
    }
    return [...new Set(troubles)];
}"""
