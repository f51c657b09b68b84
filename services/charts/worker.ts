/** What the thread for drawings does: the event loop of the program never waits for a chart. */
export { drawBars } from './bars.ts';
export { drawPicture } from './picture.ts';
