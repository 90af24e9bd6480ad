// Splits the page's program in two, so that the start page need not wait for the views behind it (ARCHITECTURE.md, "Page").
// usage: node tools/split.mjs <program as linked> <program as wasm-bindgen left it> <first part> <second part>
//
// The second part is the function CUT with every function and every piece of data that is reached only through it. Who reaches what is
// not guessed from names: the linker notes it (build.rs, notes.mjs). So no code of the first part can run into the second but through
// CUT, and what calls CUT waits for the second part (src/ui/shell/views.rs). The parts share memory, globals and the table of functions;
// the second takes what it needs of the first from its exports (start.js). The first calls CUT through a table of one place, which the
// second fills.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import binaryen from '../.tools/node_modules/binaryen/index.js';
import { Linked, assembled, dataSection, functionNames, sections, segments } from './notes.mjs';

const CUT = /^_ZN15retention_audit2ui5shell5views4draw17h[0-9a-f]{16}E$/;
/// Sections that are wrong once the file has changed.
const STALE = /^(linking|reloc\.|producers$|__wasm_split)/;
/// What wasm-bindgen adds: it calls functions of the program, and has no data.
const ADDED = /( shim(_\d+)?|^\d+|^__wbindgen_\w+)$/;
/// Fewer bytes of the other part between two pieces of data are kept: a new piece costs about as many.
const GAP = 8;

const [linkedPath, path, firstPath, secondPath] = process.argv.slice(2);
const linked = new Linked(readFileSync(linkedPath));
const bytes = readFileSync(path);
/// The place of the cut is shared under a name of this build: parts of two builds, one from an old cache, do not link.
const BUILD = `cut_${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;

/// The program with other data, and without what is stale.
function load(data) {
  const kept = sections(bytes).filter(({ id, name }) => id !== 12 && !(id === 0 && STALE.test(name)));
  const content = { 11: () => dataSection(data), name: (section) => functionNames(bytes, section) };
  return binaryen.readBinary(assembled(bytes, kept.map((section) => [section.id, (content[section.id] ?? content[section.name])?.(section) ?? bytes.subarray(section.start, section.end)])));
}

const list = (length, read) => Array.from({ length }, (_, i) => read(i));
const functions = (module) => list(module.getNumFunctions(), (i) => binaryen.getFunctionInfo(module.getFunctionByIndex(i)));
const exported = (module) => list(module.getNumExports(), (i) => binaryen.getExportInfo(module.getExportByIndex(i)));
const globals = (module) => list(module.getNumGlobals(), (i) => binaryen.getGlobalInfo(module.getGlobalByIndex(i)));
const tables = (module) => list(module.getNumTables(), (i) => binaryen.getTableInfo(module.getTableByIndex(i)));
const elements = (module) => list(module.getNumElementSegments(), (i) => binaryen.getElementSegmentInfo(module.getElementSegmentByIndex(i)));

/// Name of every function with a body, and the names it calls or takes the address of.
function calls(module) {
  const name = String.raw`\$(?:"((?:[^"\\]|\\.)*)"|([^\s()]+))`;
  const found = new Map();
  let here;
  for (const [, word, quoted, plain] of module.emitText().matchAll(new RegExp(String.raw`\((func|call|return_call|ref\.func) ${name}`, 'g'))) {
    const named = plain ?? quoted.replaceAll(/\\([0-9a-f]{2}|.)/gi, (_, code) => (code.length === 2 ? String.fromCharCode(parseInt(code, 16)) : code));
    if (word === 'func') found.set(named, (here = []));
    else here?.push(named);
  }
  return found;
}

/// The function at which the program is split.
function cutOf() {
  const found = [...linked.names].filter(([, name]) => CUT.test(name));
  if (found.length !== 1) throw new Error(`${found.length} functions match ${CUT}`);
  return found[0];
}

/// What is reached without the cut: from the exports, and from what wasm-bindgen added.
function reachedFirst(module, cut) {
  const roots = linked.exports.filter(({ name }) => !name.startsWith('__wbindgen_describe')).map(({ index }) => index);
  const root = (name) => linked.indices.has(name) && roots.push(linked.indices.get(name));
  exported(module).forEach(({ value }) => root(value));
  const called = calls(module);
  for (const { name } of functions(module).filter((f) => !f.module && !linked.indices.has(f.name))) {
    // wasm-bindgen shortens the names of exports.
    if (!ADDED.test(name) && !linked.exports.some((e) => e.name.startsWith(name))) throw new Error(`the linker knows no function ${name}`);
    called.get(name).forEach(root);
  }
  return linked.reached(roots.filter((index) => index !== cut), cut);
}

/// For every byte of the data whether it belongs to the second part. What no symbol covers stays with the first.
function owners(first, all) {
  const marks = segments(bytes).map(({ start, end }) => new Uint8Array(end - start));
  for (const [{ data }, value] of [[all, 1], [first, 0]]) for (const { segment, offset, size } of data) marks[segment].fill(value, offset, offset + size);
  return marks;
}

/// The pieces of data of one part.
function pieces(marks, part) {
  return segments(bytes).flatMap(({ address, start }, i) => {
    const found = [];
    const mine = marks[i];
    for (let at = mine.indexOf(part); at >= 0; ) {
      let end = at;
      for (let next = at; next >= 0 && next - end < GAP; next = mine.indexOf(part, end)) end = next + 1;
      found.push({ address: address + at, bytes: bytes.subarray(start + at, start + end) });
      at = mine.indexOf(part, end);
    }
    return found;
  });
}

/// Leaves in the tables only functions for which `mine` holds, each in its place.
function fill(module, mine) {
  for (const { name, table, offset, data } of elements(module)) {
    const start = binaryen.getExpressionInfo(offset).value;
    module.removeElementSegment(name);
    for (let from = 0, at = 0; from < data.length; from = at + 1) {
      for (at = from; at < data.length && mine(data[at]); ) at += 1;
      if (at > from) module.addActiveElementSegment(table, `${name} ${from}`, data.slice(from, at), module.i32.const(start + from));
    }
  }
}

/// What the second part takes from the first, by short names.
class Shared {
  #all = new Map();
  short(kind, name) {
    const key = `${kind} ${name}`;
    const short = key === 'Table cut' ? BUILD : `_${this.#all.size.toString(36)}`;
    if (!this.#all.has(key)) this.#all.set(key, { kind, name, short });
    return this.#all.get(key).short;
  }
  export(module) {
    for (const { kind, name, short } of this.#all.values()) module[`add${kind}Export`](name, short);
  }
}

function secondPart(data, second, cutName, shared) {
  const module = load(data);
  exported(module).forEach(({ name }) => module.removeExport(name));
  fill(module, second);
  const needed = new Set([...calls(module)].filter(([name]) => second(name)).flatMap(([, called]) => called));
  for (const { name, params, results } of functions(module).filter((f) => !second(f.name))) {
    module.removeFunction(name);
    if (needed.has(name)) module.addFunctionImport(name, 'app', shared.short('Function', name), params, results);
  }
  for (const { name, type, mutable } of globals(module)) {
    module.removeGlobal(name);
    module.addGlobalImport(name, 'app', shared.short('Global', name), type, mutable);
  }
  module.addTable('cut', 1, 1);
  module.addActiveElementSegment('cut', 'cut', [cutName], module.i32.const(0));
  for (const { name } of tables(module)) module.addTableImport(name, 'app', shared.short('Table', name));
  const { name } = module.getMemoryInfo();
  module.addMemoryImport(name ?? '0', 'app', 'memory');
  return module;
}

function firstPart(data, second, cutName, shared) {
  const module = load(data);
  fill(module, (name) => !second(name));
  module.addTable('cut', 1, 1);
  for (const { name, params, results } of functions(module).filter((f) => second(f.name))) {
    module.removeFunction(name);
    if (name !== cutName) continue;
    const given = binaryen.expandType(params).map((type, i) => module.local.get(i, type));
    module.addFunction(name, params, results, [], module.call_indirect('cut', module.i32.const(0), given, params, results));
  }
  shared.export(module);
  return module;
}

const [cut, cutName] = cutOf();
const whole = load([]);
const first = reachedFirst(whole, cut);
const all = linked.reached([...first.functions].map((name) => linked.indices.get(name)).concat(cut));
const bodies = new Set(functions(whole).filter((f) => !f.module).map((f) => f.name));
const second = (name) => bodies.has(name) && all.functions.has(name) && !first.functions.has(name);
const marks = owners(first, all);
const shared = new Shared();
// The second first: it says what it needs.
const parts = [[secondPart(pieces(marks, 1), second, cutName, shared), secondPath], [firstPart(pieces(marks, 0), second, cutName, shared), firstPath]];
for (const [module, path] of parts) {
  if (!module.validate()) throw new Error(`what was split is not valid: ${path}`);
  writeFileSync(path, module.emitBinary());
}
