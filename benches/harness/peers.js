// One run of one peer in a worker of its own. Answers {ms, count} or {error}.
onmessage = async ({ data: { name, file } }) => {
  try {
    const text = () => new FileReaderSync().readAsText(file);
    const bytes = () => new Uint8Array(new FileReaderSync().readAsArrayBuffer(file));
    let run;
    if (name === 'whatsapp-chat-parser') {
      const { parseString } = await import('/whatsapp-chat-parser/index.js');
      run = () => parseString(text()).length;
    } else if (name === 'JSON.parse') {
      run = () => JSON.parse(text()).messages.length;
    } else if (name === 'fflate + JSON.parse') {
      const { unzipSync, strFromU8 } = await import('/fflate/browser.js');
      run = () => {
        let n = 0;
        for (const [path, content] of Object.entries(unzipSync(bytes()))) {
          const value = JSON.parse(strFromU8(content));
          if (path.includes('/')) n += value.length;
        }
        return n;
      };
    } else if (name === 'fflate + JSON.parse, TextDecoder') {
      const { unzipSync } = await import('/fflate/browser.js');
      const decoder = new TextDecoder();
      run = () => {
        let n = 0;
        for (const [path, content] of Object.entries(unzipSync(bytes()))) {
          const value = JSON.parse(decoder.decode(content));
          if (path.includes('/')) n += value.length;
        }
        return n;
      };
    } else if (name === 'PapaParse') {
      // A classic script: evaluated here, since module workers have no importScripts.
      const source = await (await fetch('/papaparse/papaparse.js')).text();
      const module = { exports: {} };
      new Function('module', 'exports', source)(module, module.exports);
      run = () => module.exports.parse(text(), { header: false }).data.length;
    } else {
      const peers = await import('/peers/peers.js');
      await peers.default({ module_or_path: '/peers/peers_bg.wasm' });
      const wasm = {
        'serde_json typed': peers.telegram,
        'zip + serde_json': peers.slack,
        'mail-parser': peers.mbox,
        'csv crate': peers.csv,
        scan: peers.scan,
        'scan in memory': (f) => peers.scan_memory(f, 2000),
      }[name];
      run = () => wasm(file);
    }
    const begun = performance.now();
    const count = run();
    postMessage({ ms: performance.now() - begun, count });
  } catch (error) {
    postMessage({ error: String(error?.stack ?? error) });
  }
};
postMessage({ ready: true });
