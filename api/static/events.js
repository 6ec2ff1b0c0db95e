// The live stream: server-sent events, and whether they can be trusted to arrive.

const RETRY_AFTER = 3000; // after an answer that ends an EventSource, such as 503 of a restarting server [ms]
const QUIET = 40000; // a stream that says nothing for so long is dead: the server sends a beat every 15 s [ms]
const LOOKS = 10; // how often a stream is looked at before it counts as dead

/**
 * Listens to `url`; `onDocument(kind, document)` gets each document, `onState(state)` "connecting", "live" or "lost".
 */
export class LiveEvents {
  #url;
  #kinds;
  #onDocument;
  #onState;
  #quiet;
  #source = null;
  #heard = 0;
  #retry = null;

  constructor({ url, kinds, onDocument, onState, quiet = QUIET }) {
    this.#url = url;
    this.#kinds = kinds;
    this.#onDocument = onDocument;
    this.#onState = onState;
    this.#quiet = quiet;
  }

  /** Opens the stream and keeps it open for as long as the page lives. */
  start() {
    this.#open();
    setInterval(() => this.#lookAfter(), this.#quiet / LOOKS);
    // A telephone that wakes up or finds its network again should not wait for its turn.
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookAfter());
    window.addEventListener("online", () => this.#lookAfter());
  }

  #open() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#heard = performance.now();
    this.#source = new EventSource(this.#url);
    this.#source.addEventListener("error", () => this.#lose());
    this.#source.addEventListener("beat", () => this.#hear());
    for (const kind of this.#kinds) {
      this.#source.addEventListener(kind, (event) => {
        this.#hear();
        this.#onDocument(kind, JSON.parse(event.data));
      });
    }
  }

  #hear() {
    this.#heard = performance.now();
    this.#onState("live");
  }

  #lose() {
    this.#onState("lost");
    if (this.#source.readyState === EventSource.CLOSED) {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#open(), RETRY_AFTER);
    }
  }

  // A pulled cable gives no error: what has been quiet for too long is begun anew.
  #lookAfter() {
    if (performance.now() - this.#heard > this.#quiet) {
      this.#onState("lost");
      this.#open();
    }
  }
}
