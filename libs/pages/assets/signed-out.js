// Goes back to the application once the frames have told the others, and after three seconds in any case.
const longestWait = 3000;
let loaded = 0;

// A frame may have loaded before the page is read to its end: the listener is there before the first of them.
document.addEventListener(
  'load',
  ({ target }) => {
    if (target instanceof HTMLIFrameElement) loaded += 1;
    goOnWhenAllHaveLoaded();
  },
  true,
);
document.addEventListener('DOMContentLoaded', () => {
  setTimeout(goOn, longestWait);
  goOnWhenAllHaveLoaded();
});

function goOnWhenAllHaveLoaded() {
  if (document.readyState !== 'loading' && loaded >= document.querySelectorAll('iframe').length) goOn();
}

function goOn() {
  const address = document.querySelector('[data-return]')?.href;
  if (address) window.location.replace(address);
}
