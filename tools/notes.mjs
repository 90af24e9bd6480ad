// Reads a WebAssembly file, and what the linker noted in it with `--emit-relocs`: every place in the code and in the data that names
// a function or a piece of data. Formats: https://webassembly.github.io/spec/core/binary/ and
// https://github.com/WebAssembly/tool-conventions/blob/main/Linking.md

/// Walks through bytes.
class Walk {
  constructor(bytes, at = 0) {
    Object.assign(this, { bytes, at });
  }
  byte() {
    return this.bytes[this.at++];
  }
  number() {
    for (let [value, unit] = [0, 1]; ; unit *= 128) {
      const byte = this.byte();
      value += (byte % 128) * unit;
      if (byte < 128) return value;
    }
  }
  signed() {
    for (let [value, unit] = [0, 1]; ; ) {
      const byte = this.byte();
      value += (byte % 128) * unit;
      unit *= 128;
      if (byte < 128) return byte & 64 ? value - unit : value;
    }
  }
  text() {
    const length = this.number();
    this.at += length;
    return Buffer.from(this.bytes.subarray(this.at - length, this.at)).toString();
  }
  list(read) {
    return Array.from({ length: this.number() }, (_, i) => read(i));
  }
}

export const number = (value) => {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value % 128) + 128);
  return Buffer.from([...bytes, value]);
};
const signed = (value) => {
  const bytes = [];
  for (; value < -64 || value > 63; value >>= 7) bytes.push((value & 127) + 128);
  return Buffer.from([...bytes, value & 127]);
};

/// Sections: number, name if it is one of the producers' own, first byte, first byte after the name, end.
export function sections(bytes) {
  const walk = new Walk(bytes, 8);
  const all = [];
  while (walk.at < bytes.length) {
    const id = walk.byte();
    const size = walk.number();
    const [start, end] = [walk.at, walk.at + size];
    const name = id === 0 ? walk.text() : '';
    all.push({ id, name, start, body: walk.at, end });
    walk.at = end;
  }
  return all;
}

/// A file of sections: `[number, content]`.
export function assembled(bytes, parts) {
  return Buffer.concat([bytes.subarray(0, 8), ...parts.flatMap(([id, body]) => [Buffer.from([id]), number(body.length), body])]);
}

/// Segments of the data: address, first byte in the file, end.
export function segments(bytes) {
  const walk = new Walk(bytes, sections(bytes).find((s) => s.id === 11).body);
  return walk.list(() => {
    // An active segment of the only memory, at a constant.
    if (walk.number() !== 0 || walk.byte() !== 0x41) throw new Error('a segment of data of another kind');
    const address = walk.signed();
    walk.byte();
    const size = walk.number();
    walk.at += size;
    return { address, start: walk.at - size, end: walk.at };
  });
}

/// The content of a data section.
export const dataSection = (pieces) =>
  Buffer.concat([number(pieces.length), ...pieces.flatMap(({ address, bytes }) => [Buffer.from([0, 0x41]), signed(address), Buffer.from([11]), number(bytes.length), bytes])]);

/// The content of the section of names with only those of functions.
export function functionNames(bytes, { start, body, end }) {
  const walk = new Walk(bytes, body);
  while (walk.at < end) {
    const from = walk.at;
    const kind = walk.byte();
    const size = walk.number();
    walk.at += size;
    if (kind === 1) return Buffer.concat([bytes.subarray(start, body), bytes.subarray(from, walk.at)]);
  }
  throw new Error('no names of functions');
}

const FUNCTION = 0;
const DATA = 1;

function symbols(bytes, { body, end }) {
  const walk = new Walk(bytes, body);
  walk.number();
  while (walk.at < end) {
    const kind = walk.byte();
    const size = walk.number();
    if (kind !== 8) {
      walk.at += size;
      continue;
    }
    return walk.list(() => {
      const kind = walk.byte();
      const flags = walk.number();
      const undefined_ = flags & 0x10;
      if (kind === DATA) {
        const name = walk.text();
        return undefined_ ? { kind: -1, name } : { kind, name, segment: walk.number(), offset: walk.number(), size: walk.number() };
      }
      if (kind === 3) return { kind, section: walk.number() };
      const index = walk.number();
      return { kind, index, name: !undefined_ || flags & 0x40 ? walk.text() : '' };
    });
  }
  throw new Error('no symbols');
}

// Kinds of places, by what they name and how it is written there.
const PLACES = { 0: ['function', 'number'], 1: ['slot', 'signed'], 2: ['slot', 'word'], 3: ['data', 'number'], 4: ['data', 'signed'], 5: ['data', 'word'] };
// Types, globals, tables: stay where they are.
const OTHERS = new Set([6, 7, 20]);

/// The linked program as a graph.
export class Linked {
  constructor(bytes) {
    const all = sections(bytes);
    const section = (wanted) => all.find((s) => s.id === wanted || s.name === wanted) ?? { missing: wanted };
    for (const name of ['linking', 'reloc.CODE', 'reloc.DATA', 'name']) if (section(name).missing) throw new Error(`the linker left no notes (${name}): see build.rs`);
    this.segments = segments(bytes);
    this.#readFunctions(bytes, section);
    const known = symbols(bytes, section('linking'));
    const slots = this.#slots(new Walk(bytes, section(9).body));
    this.code = new Map();
    this.data = [];
    for (const name of ['reloc.CODE', 'reloc.DATA']) {
      const walk = new Walk(bytes, section(name).body);
      const target = all[walk.number()];
      walk.list(() => {
        const [kind, offset, symbol] = [walk.byte(), walk.number(), known[walk.number()]];
        if (OTHERS.has(kind)) return;
        const place = PLACES[kind];
        if (!place) throw new Error(`a place of unknown kind ${kind}`);
        const added = place[0] === 'data' ? walk.signed() : 0;
        const at = target.body + offset;
        this.#check(bytes, at, place, symbol, added, slots);
        this.#note(name === 'reloc.CODE', at, symbol);
      });
    }
    this.data.sort((a, b) => a.segment - b.segment || a.offset - b.offset);
  }

  #readFunctions(bytes, section) {
    const imports = new Walk(bytes, section(2).body);
    const imported = imports.list(() => [imports.text(), imports.text(), imports.byte(), imports.number()]).length;
    const code = new Walk(bytes, section(10).body);
    this.bodies = code.list((i) => {
      const size = code.number();
      code.at += size;
      return { index: imported + i, start: code.at - size, end: code.at };
    });
    const exports = new Walk(bytes, section(7).body);
    this.exports = exports.list(() => ({ name: exports.text(), kind: exports.byte(), index: exports.number() })).filter(({ kind }) => kind === FUNCTION);
    const { body, end } = section('name');
    const walk = new Walk(bytes, body);
    this.names = new Map();
    while (walk.at < end) {
      const kind = walk.byte();
      const size = walk.number();
      if (kind === 1) walk.list(() => this.names.set(walk.number(), walk.text()));
      else walk.at += size;
    }
    this.indices = new Map([...this.names].map(([index, name]) => [name, index]));
    if (this.indices.size !== this.names.size) throw new Error('two functions of one name');
  }

  #slots(walk) {
    const slots = new Map();
    walk.list(() => {
      if (walk.number() !== 0 || walk.byte() !== 0x41) throw new Error('a segment of elements of another kind');
      const first = walk.signed();
      walk.byte();
      walk.list((i) => slots.set(walk.number(), first + i));
    });
    return slots;
  }

  /// What stands in the file must be what the notes say, or they are of another file.
  #check(bytes, at, [what, how], symbol, added, slots) {
    const walk = new Walk(bytes, at);
    const found = how === 'number' ? walk.number() : how === 'signed' ? walk.signed() : bytes.readUInt32LE(at);
    const wanted = what === 'function' ? symbol.index : what === 'slot' ? slots.get(symbol.index) : this.segments[symbol.segment].address + symbol.offset + added;
    if (found !== wanted) throw new Error(`the linker's notes do not fit: ${found} at ${at}, ${wanted} expected for ${symbol.name}`);
  }

  #note(inCode, at, symbol) {
    if (inCode) {
      const owner = within(this.bodies, at).index;
      if (!this.code.has(owner)) this.code.set(owner, []);
      this.code.get(owner).push(symbol);
    } else {
      const segment = this.segments.findIndex((s) => at >= s.start && at < s.end);
      this.data.push({ segment, offset: at - this.segments[segment].start, symbol });
    }
  }

  /// Functions (by name) and pieces of data that are reached from functions, without going through `cut`.
  reached(roots, cut) {
    const [functions, data, open] = [new Set(), new Set(), []];
    const reach = (symbol) => {
      if (symbol.kind === FUNCTION && symbol.index !== cut && !functions.has(symbol.index)) {
        functions.add(symbol.index);
        open.push(this.code.get(symbol.index) ?? []);
      } else if (symbol.kind === DATA && !data.has(symbol)) {
        data.add(symbol);
        open.push(this.data.filter((d) => d.segment === symbol.segment && d.offset >= symbol.offset && d.offset < symbol.offset + symbol.size).map((d) => d.symbol));
      }
    };
    for (const index of roots) reach({ kind: FUNCTION, index });
    while (open.length > 0) open.pop().forEach(reach);
    return { functions: new Set([...functions].map((index) => this.names.get(index))), data };
  }
}

function within(bodies, at) {
  let [low, high] = [0, bodies.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (at >= bodies[middle].end) low = middle + 1;
    else high = middle;
  }
  return bodies[low];
}
