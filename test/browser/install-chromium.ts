import { findChromium, installChromium } from './chromium.js';

// The browser tests need a browser; where there is one nothing is done.
if (!findChromium()) installChromium();
if (!findChromium()) {
  process.stderr.write('No Chromium could be installed. Install one, or name its executable in CHROMIUM.\n');
  process.exitCode = 1;
}
