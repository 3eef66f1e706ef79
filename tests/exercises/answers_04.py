"""Known answers to exercise 04: the mistakes that people make, and other right ways."""

import math

import numpy as np

from coursekit.grading import edit, right, wrong

# 04.1 Bernstein in the thousands


edit(
    "04.1",
    "At an end 0 · log 0 is not a number: there the term with the power 0 is all that counts.",
    {"np.maximum(u, 1e-300)": "u", "np.maximum(1 - u, 1e-300)": "1 - u"},
)
edit(
    "04.1",
    "Your sum ends one term too early: k runs from 0 to n, and n belongs to it.",
    {"chances @ f(a + k / n * (b - a))": "chances[:, :-1] @ f(a + k[:-1] / n * (b - a))"},
)
edit(
    "04.1",
    "Your sum leaves out k = 0.",
    {"chances @ f(a + k / n * (b - a))": "chances[:, 1:] @ f(a + k[1:] / n * (b - a))"},
)
edit(
    "04.1",
    "Your two powers have changed places: the polynomial is mirrored.",
    {"k * log_u": "(n - k) * log_u", "(n - k) * log_v": "k * log_v"},
)
edit(
    "04.1",
    "The binomial coefficients are missing: there are many ways to get k heads.",
    {"log_ways + ": ""},
)
edit(
    "04.1",
    "You take f at k/n, which lies in [0, 1], whatever a and b are.",
    {"f(a + k / n * (b - a))": "f(k / n)"},
)
edit("04.1", "The powers are of u, which lies in [0, 1], not of x.", {"((x - a) / (b - a))": "x"})
edit(
    "04.1",
    "This is the polynomial for [0, 1]; a and b have no influence on it.",
    {"((x - a) / (b - a))": "(1.0 * x)", "f(a + k / n * (b - a))": "f(k / n + 0.0)"},
)
edit("04.1", "You stretch the places of f by b − a, but don't start them at a.", {"f(a + k": "f(k"})
edit(
    "04.1",
    "You move x to the left by a, but don't divide by the length of the interval.",
    {"((x - a) / (b - a))": "(x - a)"},
)
edit(
    "04.1",
    "The places of f lie k/n of the way, not k/(n + 1): the last one is b.",
    {"k / n": "k / (n + 1)"},
)
edit(
    "04.1",
    "You take f at x itself; it is wanted at n + 1 fixed places.",
    {"chances @ f(a + k / n * (b - a))": "chances.sum(axis=1) * f(x)"},
)


@wrong("04.1", "Your first chance, (1 − u)ⁿ, is 0 in floats, and so are all that follow from it.")
def bernstein(f, n, a, b, x):
    u = (x - a) / (b - a)
    chance = (1 - u) ** n
    total = np.zeros(len(x))
    for k in range(n + 1):
        total += chance * f(a + k / n * (b - a))
        chance = chance * (n - k) / (k + 1) * u / (1 - u)
    return total


@right("04.1", "with logarithms in a loop over the terms")
def bernstein(f, n, a, b, x):
    u = (x - a) / (b - a)
    with np.errstate(invalid="ignore", divide="ignore"):
        log_u, log_v = np.log(u), np.log1p(-u)
        total = 0 * u
        for k in range(n + 1):
            ways = math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
            log_chance = ways + (k * log_u if k else 0) + ((n - k) * log_v if k < n else 0)
            total += f(a + k / n * (b - a)) * np.exp(log_chance)
    return total


@right("04.1", "by de Casteljau's rule")
def bernstein(f, n, a, b, x):
    u = (x - a) / (b - a)
    rows = np.tile(f(np.linspace(a, b, n + 1)), (len(x), 1)).T
    while len(rows) > 1:
        rows = (1 - u) * rows[:-1] + u * rows[1:]
    return rows[0]


@right("04.1", "as the average pay of a game with n coins")
def bernstein(f, n, a, b, x):
    u = (x - a) / (b - a)
    chances = np.zeros((n + 2, len(x)))
    chances[0] = 1.0
    for _ in range(n):
        chances[1:] = u * chances[:-1] + (1 - u) * chances[1:]
        chances[0] *= 1 - u
    return f(a + (b - a) * np.arange(n + 1) / n) @ chances[:-1]


edit(
    "04.1",
    "The powers are of u, which lies in [0, 1], not of x.",
    {"u = (x - a) / (b - a)": "u = x"},
    of="as the average pay of a game with n coins",
)
edit(
    "04.1",
    "This is the polynomial for [0, 1]; a and b have no influence on it.",
    {
        "u = (x - a) / (b - a)": "u = x",
        "f(a + (b - a) * np.arange(n + 1) / n)": "f(np.arange(n + 1) / n)",
    },
    of="as the average pay of a game with n coins",
)


# 04.2 A bump from two sigmoids


@wrong("04.2", "Two steps up make a staircase: at b the bump has to come down again.")
def bump(x, a, b, h, k):
    return h * (sigmoid(k * (x - a)) + sigmoid(k * (x - b)))


@wrong("04.2", "Only your first step has the height h; the second must take the same away.")
def bump(x, a, b, h, k):
    return h * sigmoid(k * (x - a)) - sigmoid(k * (x - b))


@wrong("04.2", "k multiplies the distance from the edge, k (x − a), not x alone.")
def bump(x, a, b, h, k):
    return h * (sigmoid(k * x - a) - sigmoid(k * x - b))


@wrong("04.2", "A product of two sigmoids is a bump, too, but not the sum of neurons asked for.")
def bump(x, a, b, h, k):
    return h * sigmoid(k * (x - a)) * sigmoid(k * (b - x))


@wrong("04.2", "The steepness k is missing from the bump.")
def bump(x, a, b, h, k):
    return h * (sigmoid(x - a) - sigmoid(x - b))


@wrong("04.2", "h belongs outside of the sigmoids: inside it makes the edges steeper, not higher.")
def bump(x, a, b, h, k):
    return sigmoid(h * k * (x - a)) - sigmoid(h * k * (x - b))


@wrong("04.2", "Multiply k (x − a) out: the bias is not −a alone.")
def bump_network(a, b, h, k):
    return np.array([k, k]), np.array([-a, -b]), np.array([h, -h]), 0.0


@wrong("04.2", "Your edges are at −a and −b: look at the sign of the biases.")
def bump_network(a, b, h, k):
    return np.array([k, k]), np.array([k * a, k * b]), np.array([h, -h]), 0.0


@wrong("04.2", "Both output weights have the same sign: your network rises twice.")
def bump_network(a, b, h, k):
    return np.array([k, k]), np.array([-k * a, -k * b]), np.array([h, h]), 0.0


@wrong("04.2", "The hidden weights of your network are 1: the steepness k is missing.")
def bump_network(a, b, h, k):
    return np.ones(2), np.array([-a, -b]), np.array([h, -h]), 0.0


edit(
    "04.2",
    "A rectangle has no soft edges: take the sigmoids of the formula.",
    {"h * (sigmoid(k * (x - a)) - sigmoid(k * (x - b)))": "np.where((x > a) & (x < b), h, 0.0)"},
)
edit(
    "04.2",
    "Your second and third values have changed places: the order is w1, b1, w2, b2.",
    {"return w1, b1, w2, 0.0": "return w1, w2, b1, 0.0"},
)
edit(
    "04.2",
    "Your biases are whole numbers: an array of integers cuts off what follows the point.",
    {"np.array([-k * a, -k * b])": "np.array([int(-k * a), int(-k * b)])"},
)


@right("04.2", "with the neurons in the other order, and with tanh")
class cell:
    def bump(x, a, b, h, k):
        return h / 2 * (np.tanh(k * (x - a) / 2) - np.tanh(k * (x - b) / 2))

    def bump_network(a, b, h, k):
        return [k, k], [-k * b, -k * a], [-h, h], 0


@right("04.2", "with a falling neuron, and the exponential of the definition in single precision")
class cell:
    def bump(x, a, b, h, k):
        x = x.astype(np.float32)
        with np.errstate(over="ignore"):
            return h / (1 + np.exp(-k * (x - a))) - h / (1 + np.exp(-k * (x - b)))

    def bump_network(a, b, h, k):
        return np.array([k, -k]), np.array([-k * a, k * b]), np.array([h, h]), -h


# 04.3 As near as you are asked to be


@wrong("04.3", "At the ends of the interval your outermost bumps are only half as high.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    b1 = -k * np.concatenate([edges[:-1], edges[1:]])
    return np.full(2 * n, k), b1, np.concatenate([heights, -heights]), 0.0


@wrong("04.3", "Your number of steps doesn't depend on the interval's length.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@wrong("04.3", "Your width is fixed: a smaller error and a wilder function need more neurons.")
def build(f, a, b, slope, error):
    n = 30
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@wrong(
    "04.3", "You take each step's height at its left end, so its right end is a whole step away."
)
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f(edges[:-1])
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@wrong("04.3", "Your edges are equally soft for any number of steps: they blur narrow steps.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 10.0
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@wrong("04.3", "Near enough. But where one bump ends and the next begins, one neuron would do.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    edges[0], edges[-1] = a - (b - a), b + (b - a)
    k = 40 * n / (b - a)
    b1 = -k * np.concatenate([edges[:-1], edges[1:]])
    return np.full(2 * n, k), b1, np.concatenate([heights, -heights]), 0.0


@wrong("04.3", "Your staircase starts at 0, not at the height of its first step.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), 0.0


@wrong("04.3", "A neuron's edge is where w x + b is 0: the bias has to grow with the steepness.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -edges[1:-1], np.diff(heights), heights[0]


@wrong("04.3", "You put your steps on [0, 1], whatever a and b are.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.arange(n + 1) / n
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@wrong("04.3", "Each output weight of a staircase is the whole height; it should be the change.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / (2 * error)) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], heights[1:], heights[0]


@wrong("04.3", "Near enough. But from its middle, a step reaches only half of its width away.")
def build(f, a, b, slope, error):
    n = math.ceil(1.1 * slope * (b - a) / error) + 1
    edges = np.linspace(a, b, n + 1)
    heights = f((edges[:-1] + edges[1:]) / 2)
    k = 40 * n / (b - a)
    return np.full(n - 1, k), -k * edges[1:-1], np.diff(heights), heights[0]


@right("04.3", "with falling neurons, from the right end to the left")
def build(f, a, b, slope, error):
    n = int(1.2 * slope * (b - a) / (2 * error)) + 1
    width = (b - a) / n
    heights = [float(f(a + (i + 0.5) * width)) for i in range(n)]
    k = 60 / width
    w1 = [-k] * (n - 1)
    b1 = [k * (a + (i + 1) * width) for i in range(n - 1)]
    w2 = [heights[i] - heights[i + 1] for i in range(n - 1)]
    return w1, b1, w2, heights[-1]


@right("04.3", "with output weights by least squares")
def build(f, a, b, slope, error):
    n = math.ceil(0.6 * slope * (b - a) / error)
    places = a + (np.arange(n) + 0.5) / n * (b - a)
    k = 2 * n / (b - a)
    x = np.linspace(a, b, 8 * n)
    columns = np.column_stack([sigmoid(k * (x[:, np.newaxis] - places)), np.ones(len(x))])
    v = np.linalg.lstsq(columns, f(x), rcond=1e-8)[0]
    return np.full(n, k), -k * places, v[:-1], v[-1]


# 04.4 The error against the width


@wrong("04.4", "You took the mean error; one bad place must show, so take the largest.")
def largest_errors(approximate, f, widths):
    x = np.arange(1001) / 1000
    return np.array([np.abs(approximate(f, n, x) - f(x)).mean() for n in widths])


@wrong(
    "04.4", "Without absolute values you see only the places where the approximation is too high."
)
def largest_errors(approximate, f, widths):
    x = np.arange(1001) / 1000
    return np.array([(approximate(f, n, x) - f(x)).max() for n in widths])


@wrong("04.4", "That is the root of the mean square, not the largest error.")
def largest_errors(approximate, f, widths):
    x = np.arange(1001) / 1000
    return np.array([np.sqrt(np.mean((approximate(f, n, x) - f(x)) ** 2)) for n in widths])


@wrong("04.4", "You measured at as many points as there are pieces; between them you see nothing.")
def largest_errors(approximate, f, widths):
    errors = []
    for n in widths:
        x = np.linspace(0, 1, n)
        errors.append(np.abs(approximate(f, n, x) - f(x)).max())
    return np.array(errors)


@wrong("04.4", "Both axes are logarithmic: you took the logarithm of the errors alone.")
def rate(widths, errors):
    return -np.polyfit(widths, np.log(errors), 1)[0]


@wrong("04.4", "You took no logarithms: the law is a straight line only on logarithmic axes.")
def rate(widths, errors):
    return -np.polyfit(widths, errors, 1)[0]


@wrong(
    "04.4", "Your line predicts the width from the error; the error belongs on the upright axis."
)
def rate(widths, errors):
    return -1 / np.polyfit(np.log(errors), np.log(widths), 1)[0]


@wrong("04.4", "You joined the first point to the last; the line should take account of all.")
def rate(widths, errors):
    return -np.log(errors[-1] / errors[0]) / np.log(widths[-1] / widths[0])


@wrong("04.4", "polyfit's first number is the slope, its second the value at 0.")
def rate(widths, errors):
    return -np.polyfit(np.log(widths), np.log(errors), 1)[1]


edit(
    "04.4",
    "That is the second number of polyfit, the line's value at 0; the rate is in the first one.",
    {
        "-np.polyfit(np.log(widths), np.log(errors), 1)[0]": (
            "np.polyfit(np.log(widths), np.log(errors), 1)[1]"
        )
    },
)
edit(
    "04.4",
    "You exchanged the axes: the widths belong on the first one, the errors on the second.",
    {"-np.polyfit(np.log(widths), np.log(errors)": "-np.polyfit(np.log(errors), np.log(widths)"},
)


@wrong("04.4", "With the width rounded down, the law's error is still above the goal.")
def width_for(widths, errors, goal):
    slope, log_c = np.polyfit(np.log(widths), np.log(errors), 1)
    return int(np.exp((np.log(goal) - log_c) / slope))


@wrong("04.4", "Rounded to the nearest, the width is too small half of the time.")
def width_for(widths, errors, goal):
    slope, log_c = np.polyfit(np.log(widths), np.log(errors), 1)
    return round(np.exp((np.log(goal) - log_c) / slope))


@wrong("04.4", "The factor C of the law is missing from your width.")
def width_for(widths, errors, goal):
    slope = np.polyfit(np.log(widths), np.log(errors), 1)[0]
    return math.ceil(np.exp(np.log(goal) / slope))


@wrong("04.4", "Solve the law for n: p is a power of n, so its root has to be taken.")
def width_for(widths, errors, goal):
    slope, log_c = np.polyfit(np.log(widths), np.log(errors), 1)
    return math.ceil((np.exp(log_c) / goal) ** -slope)


@wrong("04.4", "Your width assumes that the rate is 1.")
def width_for(widths, errors, goal):
    log_c = np.polyfit(np.log(widths), np.log(errors), 1)[1]
    return math.ceil(np.exp(log_c) / goal)


@wrong("04.4", "Your width is not whole: nobody can build 43.6 neurons.")
def width_for(widths, errors, goal):
    slope, log_c = np.polyfit(np.log(widths), np.log(errors), 1)
    return np.exp((np.log(goal) - log_c) / slope)


@wrong("04.4", "You went on from the last point; the fitted line need not pass through it.")
def width_for(widths, errors, goal):
    slope = np.polyfit(np.log(widths), np.log(errors), 1)[0]
    return math.ceil(widths[-1] * (goal / errors[-1]) ** (1 / slope))


@wrong("04.4", "You chose among the widths that were measured; the law gives those between, too.")
def width_for(widths, errors, goal):
    slope, log_c = np.polyfit(np.log(widths), np.log(errors), 1)
    enough = [n for n in widths if np.exp(log_c) * n**slope <= goal]
    return min(enough, default=widths[-1])


edit(
    "04.4",
    "You measured at other points than the 1001 of the text.",
    {"np.arange(1001) / 1000": "np.linspace(0, 1, 100)"},
)


@right("04.4", "with the formulas of the straight line, and logarithms to base 2")
class cell:
    def largest_errors(approximate, f, widths):
        x = np.arange(1001) / 1000
        errors = []
        for n in widths:
            difference = approximate(f, n, x) - f(x)
            errors.append(max(difference.max(), -difference.min()))
        return errors

    def line(widths, errors):
        x, y = np.log2(widths), np.log2(errors)
        slope = np.mean((x - x.mean()) * (y - y.mean())) / np.var(x)
        return slope, 2 ** (y.mean() - slope * x.mean())

    def rate(widths, errors):
        return -line(widths, errors)[0]

    def width_for(widths, errors, goal):
        slope, c = line(widths, errors)
        n = 1
        while c * n**slope > goal:
            n += 1
        return n


@right("04.4", "with lstsq, and the width as a float")
class cell:
    def largest_errors(approximate, f, widths):
        x = np.arange(1001) / 1000
        return [np.linalg.norm(approximate(f, n, x) - f(x), ord=np.inf) for n in widths]

    def rate(widths, errors):
        A = np.column_stack([np.ones(len(widths)), -np.log10(widths)])
        return np.linalg.lstsq(A, np.log10(errors))[0][1]

    def width_for(widths, errors, goal):
        A = np.column_stack([np.ones(len(widths)), -np.log10(widths)])
        log_c, p = np.linalg.lstsq(A, np.log10(errors))[0]
        return np.ceil((10**log_c / goal) ** (1 / p))


# 04.5 A network that multiplies


edit(
    "04.5",
    "φ(c + εu) − φ(c − εu) is a slope, not a bend: it is odd, and a square is even.",
    {"[1.0, 1.0])": "[1.0, -1.0])"},
)
edit(
    "04.5",
    "Without − 2 φ(c) the bend stands on a pedestal: it is a number, and goes into `b2`.",
    {"-2 * phi(c) / bend": "0.0"},
)
edit(
    "04.5",
    "Take φ(c) away twice: once for each of the two values.",
    {"-2 * phi(c) / bend": "-phi(c) / bend"},
)
edit(
    "04.5",
    "The number in `b2` has to be divided by bend(1), too.",
    {"-2 * phi(c) / bend": "-2 * phi(c)"},
)
edit(
    "04.5",
    "The bend at 1 is what it all has to be divided by, not ε².",
    {"bend = phi(c + eps) + phi(c - eps) - 2 * phi(c)": "bend = eps**2"},
)
edit(
    "04.5",
    "Your bend is not divided by its value at 1.",
    {"bend = phi(c + eps) + phi(c - eps) - 2 * phi(c)": "bend = 1.0"},
)
edit(
    "04.5",
    "You look at φ near 0; it is to be looked at near c, so c is the bias.",
    {"[c, c]": "[0.0, 0.0]"},
)
edit(
    "04.5",
    "Both values lie on either side of c: one weight is ε, the other −ε.",
    {"[eps, -eps]": "[eps, eps]"},
)
edit(
    "04.5",
    "The magnifying glass is missing: ε multiplies u inside of φ.",
    {"[eps, -eps]": "[1.0, -1.0]"},
)
edit("04.5", "The second bias is c as well: −ε u is added to c, not to −c.", {"[c, c]": "[c, -c]"})
edit(
    "04.5",
    "You added the two squares: that gives u² + v², without a product.",
    {"[1.0, 1.0, -1.0, -1.0]": "[1.0, 1.0, 1.0, 1.0]", ", 0.0": ", -4 * phi(c) / divisor"},
)
edit(
    "04.5",
    "In the difference of the two squares φ(c) cancels: `b2` is 0.",
    {"/ divisor, 0.0": "/ divisor, -2 * phi(c) / divisor"},
)
edit(
    "04.5",
    "You took the difference of u² and v²; sum and difference go into the squares.",
    {
        "[1.0, -1.0, 1.0, -1.0]": "[1.0, -1.0, 0.0, 0.0]",
        "[1.0, -1.0, -1.0, 1.0]": "[0.0, 0.0, 1.0, -1.0]",
    },
)
edit(
    "04.5",
    "The biases of the product's neurons are c, as in the square.",
    {"np.full(4, c)": "np.zeros(4)"},
)
edit("04.5", "ε is missing from `W1`.", {"eps * np.array(": "np.array("})


@right("04.5", "with the square's network twice")
class cell:
    def square_network(phi, c, eps):
        signs = np.array([1, -1])
        scale = 1 / (np.sum(phi(c + eps * signs)) - 2 * phi(c))
        return eps * signs, c + 0 * signs, scale + 0 * signs, -2 * scale * phi(c)

    def product_network(phi, c, eps):
        w1, b1, w2, _ = square_network(phi, c, eps)
        W1 = np.hstack([np.outer([1, 1], w1), np.outer([1, -1], w1)])
        return W1, np.tile(b1, 2), np.concatenate([w2, -w2]) / 4, 0


@right("04.5", "in another order, as lists")
class cell:
    def square_network(phi, c, eps):
        k = float(phi(c - eps) - phi(c) + phi(c + eps) - phi(c))
        return [-eps, eps], [c, c], [1 / k, 1 / k], -2 * float(phi(c)) / k

    def product_network(phi, c, eps):
        k = 4 * float(phi(c - eps) - phi(c) + phi(c + eps) - phi(c))
        W1 = [[eps, eps, -eps, -eps], [eps, -eps, -eps, eps]]
        return W1, [c] * 4, [1 / k, -1 / k, 1 / k, -1 / k], 0.0
