"""Compares `facewarden find` with OpenCV's Haar cascade and MediaPipe's face detection.

All look at the frames that our training did not see, with the same rule: a find counts if its box
holds the middle of the labelled face and is between half and twice as wide as the label; it is
elsewhere if it does not touch the label. Boxes mean different things to different detectors, hence
so wide a rule. The labels name one face a picture: people in the background are among the finds
elsewhere. Errors are of the eyes alone, which two of the three tell, in shares of the eye distance.

Times are of finding alone, without decoding, in turns, medians: three held-out frames side by side
on 640×480 pixels with the smallest face set to 60, and the same picture with 12 million pixels.

`make benchmark-faces frames=DIR` runs this with what it needs.
"""

import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import tarfile
import tempfile

import cv2
import mediapipe
import numpy

# From the middle of eyes and mouth corners, in shares of the eye distance: how wide a labelled box is.
WIDTH = 2.36


class Ours:
    """Our detector, as a process: its own clock around the search."""

    name = "facewarden find"
    has_eyes = True

    def __init__(self, program, models):
        self.command = [program, "find", "--models", models, "--timings"]

    def finds(self, paths, minimum=None):
        """For each picture: boxes with eyes, and the milliseconds it took."""
        options = ["--minimum-face", str(minimum)] if minimum else []
        output = subprocess.run(self.command + options + paths, check=True, capture_output=True,
                                text=True).stdout
        results = []
        for line in map(json.loads, output.splitlines()):
            found = [((face["box"]["x"], face["box"]["y"], face["box"]["width"],
                       face["box"]["height"]), face["landmarks"][:2]) for face in line["faces"]]
            results.append((found, line["timings_ms"]["find"]))
        return results


class Haar:
    """OpenCV's cascade of Haar features, with its usual settings."""

    has_eyes = False

    def __init__(self, file):
        self.name = f"OpenCV {cv2.__version__}, {file.removesuffix('.xml')}"
        self.cascade = cv2.CascadeClassifier(os.path.join(cv2.data.haarcascades, file))

    def finds(self, paths, minimum=None):
        results = []
        for path in paths:
            grey = cv2.imread(path, cv2.IMREAD_GRAYSCALE)
            # As ours: faces of a sixteenth of the longer side, 24 pixels or more.
            side = int(minimum or max(24, max(grey.shape) / 16))
            start = cv2.getTickCount()
            boxes = self.cascade.detectMultiScale(grey, minSize=(side, side))
            passed = 1e3 * (cv2.getTickCount() - start) / cv2.getTickFrequency()
            results.append(([(tuple(map(float, box)), None) for box in boxes], passed))
        return results


class MediaPipe:
    """MediaPipe's face detection: 0 for faces within two metres, 1 within five."""

    has_eyes = True

    def __init__(self, selection):
        range_ = ["short range", "full range"][selection]
        self.name = f"MediaPipe {mediapipe.__version__}, {range_}"
        self.detector = mediapipe.solutions.face_detection.FaceDetection(
            model_selection=selection, min_detection_confidence=0.5)

    def finds(self, paths, minimum=None):
        results = []
        for path in paths:
            picture = cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB)
            height, width, _ = picture.shape
            start = cv2.getTickCount()
            detections = self.detector.process(picture).detections or []
            passed = 1e3 * (cv2.getTickCount() - start) / cv2.getTickFrequency()
            found = []
            for detection in detections:
                place = detection.location_data
                box = place.relative_bounding_box
                # Its right eye is the person's: the left one of the picture.
                eyes = [(point.x * width, point.y * height)
                        for point in place.relative_keypoints[:2]]
                found.append(((box.xmin * width, box.ymin * height, box.width * width,
                               box.height * height), eyes))
            results.append((found, passed))
        return results


def label_of(points):
    """The middle and the width of a labelled face, and its eyes."""
    left, right, _, left_mouth, right_mouth = points
    middle = [sum(values) / 4 for values in zip(left, right, left_mouth, right_mouth)]
    return middle, WIDTH * math.dist(left, right), (left, right)


def measure(detector, paths, labels):
    """Detection rate, finds elsewhere, and errors of the eyes."""
    found, elsewhere, errors = 0, 0, []
    for (finds, _), points in zip(detector.finds(paths), labels):
        middle, width, eyes = label_of(points)
        hits = []
        for (x, y, w, h), marks in finds:
            holds = x <= middle[0] <= x + w and y <= middle[1] <= y + h
            if holds and width / 2 <= w <= 2 * width:
                hits.append(marks)
            left, top = middle[0] - width / 2, middle[1] - width / 2
            if x >= left + width or left >= x + w or y >= top + width or top >= y + h:
                elsewhere += 1
        found += bool(hits)
        if hits and detector.has_eyes:
            errors.append(min(sum(math.dist(*pair) for pair in zip(marks, eyes)) / 2
                              for marks in hits) / math.dist(*eyes))
    errors.sort()
    return {
        "detector": detector.name, "pictures": len(paths), "found": found / len(paths),
        "elsewhere": elsewhere, "eyes_median": statistics.median(errors) if errors else None,
        "eyes_95": errors[int(0.95 * (len(errors) - 1))] if errors else None,
    }


def held_out(options):
    """The names of the frames that our training does not see, by group."""
    output = subprocess.run(
        [options.program, "evaluate", "face-detection", "--models", options.models, "--frames",
         options.frames, "--json"], check=True, capture_output=True, text=True).stdout
    return {row["group"]: row["names"] for row in json.loads(output)["rows"]}


def unpack(frames, folder):
    """Unpacks the frames' archives, and returns their five points by name."""
    for archive in ("lfw-frames.tar", "wild-frames.tar"):
        with tarfile.open(os.path.join(frames, archive)) as file:
            file.extractall(folder, filter="data")
    with open(os.path.join(frames, "landmarks.csv"), newline="") as file:
        rows = list(csv.reader(file))[1:]
    numbers = {row[0]: list(map(float, row[1:])) for row in rows}
    return {name: list(zip(row[::2], row[1::2])) for name, row in numbers.items()}


def crowd(paths, width, height):
    """A picture of three frames side by side."""
    tiles = [cv2.resize(cv2.imread(path), (width // 3, width // 3), interpolation=cv2.INTER_AREA)
             for path in paths]
    picture = numpy.full((height, width, 3), 127, numpy.uint8)
    top = (height - width // 3) // 2
    for index, tile in enumerate(tiles):
        left = index * (width // 3)
        picture[top:top + width // 3, left:left + width // 3] = tile
    return picture


def time_all(detectors, paths, minimum, rounds):
    """Median milliseconds of each, in turns; the first round warms up."""
    samples = {detector.name: [] for detector in detectors}
    for index in range(rounds + 1):
        for detector in detectors:
            # The first picture of a turn pays for threads that start.
            passed = [took for _, took in detector.finds(paths[:1] + paths, minimum)][1:]
            if index:
                samples[detector.name] += passed
    return {name: statistics.median(values) for name, values in samples.items()}


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=".build/release/facewarden")
    parser.add_argument("--models", default="models")
    parser.add_argument("--frames", required=True, metavar="DIR",
                        help="lfw-frames.tar, wild-frames.tar, landmarks.csv")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", metavar="FILE", help="writes everything")
    options = parser.parse_args()
    cv2.setNumThreads(options.threads)
    detectors = [Ours(options.program, options.models),
                 Haar("haarcascade_frontalface_default.xml"),
                 Haar("haarcascade_frontalface_alt2.xml"), MediaPipe(0), MediaPipe(1)]
    everything = {"rates": [], "milliseconds": {}}
    with tempfile.TemporaryDirectory() as folder:
        points = unpack(options.frames, folder)
        groups = held_out(options)
        for group, names in groups.items():
            print(f"{group + f', {len(names)}':48}{'found':>9}{'elsewhere':>11}"
                  f"{'eyes: median':>14}{'95th':>8}")
            paths = [os.path.join(folder, name) for name in names]
            for detector in detectors:
                row = measure(detector, paths, [points[name] for name in names])
                everything["rates"].append({"group": group} | row)
                eyes = ("" if row["eyes_median"] is None else
                        f"{100 * row['eyes_median']:12.1f} %{100 * row['eyes_95']:6.1f} %")
                print(f"{detector.name:48}{100 * row['found']:7.2f} %{row['elsewhere']:11}{eyes}",
                      flush=True)
        names = next(iter(groups.values()))
        for title, (width, height), minimum in [("640×480, faces from 60 pixels", (640, 480), 60),
                                                ("4000×3000, faces from 250 pixels",
                                                 (4000, 3000), None)]:
            paths = []
            for index in range(4):
                three = [os.path.join(folder, name) for name in names[3 * index:3 * index + 3]]
                paths.append(os.path.join(folder, f"crowd-{width}-{index}.png"))
                cv2.imwrite(paths[-1], crowd(three, width, height))
            times = time_all(detectors, paths, minimum, options.rounds)
            everything["milliseconds"][title] = times
            print(f"{title:48}{'ms':>9}")
            for name, passed in times.items():
                print(f"{name:48}{passed:9.1f}")
    if options.json:
        with open(options.json, "w") as file:
            json.dump(everything, file, indent=1)


if __name__ == "__main__":
    main()
