// End-to-end tests: the release page in dist/ (DIST= another folder) in a real headless Chromium.
// usage: node tests/e2e/run.mjs [part of a name ...]
import './load.mjs';
import './figures.mjs';
import './coverage.mjs';
import './explain.mjs';
import './timeline.mjs';
import './steps.mjs';
import './files.mjs';
import './many.mjs';
import './formats.mjs';
import './navigation.mjs';
import './roles.mjs';
import './privacy.mjs';
import './setup.mjs';
import './access.mjs';
import './paper.mjs';
import './failure.mjs';
import { run } from './suite.mjs';

await run(process.argv.slice(2));
