// The page's beginning: set up what stands still, then draw the world whenever it changes.

import { listen } from "./api.js";
import { drawBoard, setUpBoard } from "./board.js";
import { composer } from "./composer.js";
import { drawHint, setUpHint } from "./hint.js";
import { drawHome } from "./home.js";
import { loadLog, setUpInspector } from "./inspector.js";
import { drawPlace, drawThread, setUpMessages } from "./messages.js";
import { drawModal } from "./modal.js";
import { noticeRestart } from "./reads.js";
import { drawSidebar, setUpSidebar } from "./sidebar.js";
import { follow, redraw, refresh } from "./store.js";
import { drawTopbar, setUpTopbar } from "./topbar.js";

// The calendar runs on between changes, and with it "today", local times and ages.
const FRESH_MS = 30_000;

setUpSidebar();
setUpTopbar();
setUpMessages(redraw);
setUpInspector();
setUpHint();
setUpBoard();

const drawers = [
  noticeRestart,
  drawTopbar,
  drawPlace,
  drawThread,
  drawHome,
  drawBoard,
  composer(document.getElementById("composer"), { inThread: false }),
  composer(document.getElementById("thread-composer"), { inThread: true }),
  drawSidebar,
  drawModal,
  drawHint,
];
for (const draw of drawers) follow(draw);

addEventListener("hashchange", redraw);
document.addEventListener("visibilitychange", redraw);
setInterval(redraw, FRESH_MS);
listen(() => {
  refresh();
  loadLog();
});
refresh();
