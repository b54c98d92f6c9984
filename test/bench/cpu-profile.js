// Reads a .cpuprofile of V8: which function was running at each sample, and which had called it.
import { readFileSync } from 'node:fs';

/** Not the server's work: V8 books the time in which there is nothing to do here. */
const idle = '(idle)';

/**
 * Self and total time by function, by self time, as shares of the busy time between two moments (microseconds after the
 * start of the profile). Total counts a function once for a sample, however often it is on the stack.
 */
export function readProfile(path, from, to) {
  const { nodes, samples, timeDeltas } = JSON.parse(readFileSync(path, 'utf8'));
  const tree = new Map(nodes.map((node) => [node.id, { place: placeOf(node.callFrame), parent: undefined }]));
  for (const { id, children = [] } of nodes) children.forEach((child) => (tree.get(child).parent = tree.get(id)));

  const self = new Map();
  const total = new Map();
  let time = 0;
  let busy = 0;
  samples.forEach((id, index) => {
    const delta = timeDeltas[index];
    time += delta;
    const leaf = tree.get(id);
    if (time < from || time > to || leaf.place === idle) return;
    busy += delta;
    add(self, leaf.place, delta);
    for (const place of placesAbove(leaf)) add(total, place, delta);
  });
  return {
    busyMicroseconds: busy,
    functions: [...total.keys()]
      .map((place) => ({ place, self: (self.get(place) ?? 0) / busy, total: total.get(place) / busy }))
      .sort((a, b) => b.self - a.self),
  };
}

/** The same by package. */
export function byPackage(functions) {
  const shares = new Map();
  for (const { place, self } of functions) add(shares, packageOf(place), self);
  return [...shares].map(([name, self]) => ({ name, self })).sort((a, b) => b.self - a.self);
}

function placesAbove(leaf) {
  const places = new Set();
  for (let node = leaf; node; node = node.parent) places.add(node.place);
  return places;
}

function placeOf({ functionName, url, lineNumber }) {
  const name = functionName || '(anonymous)';
  return url === '' ? name : `${name}  ${shorten(url)}:${lineNumber + 1}`;
}

function shorten(url) {
  return url.replace(/^file:\/\//, '').replace(/^.*\/(?=(?:libs|apps|test|node_modules)\/)/, '');
}

function packageOf(place) {
  const url = place.split('  ')[1];
  if (url === undefined) return place.startsWith('(') ? place : 'native';
  if (url.startsWith('node:')) return 'node';
  return /^node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url)?.[1] ?? /^(?:libs|apps)\/[^/]+/.exec(url)?.[0] ?? url;
}

function add(map, key, amount) {
  map.set(key, (map.get(key) ?? 0) + amount);
}
