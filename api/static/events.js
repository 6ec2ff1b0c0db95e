// The live stream: server-sent events, and whether they can be trusted to arrive.

const RETRY_AFTER = 3000; // after an answer that ends an EventSource, such as 503 of a restarting server [ms]
const QUIET_AFTER = 30000; // without an event; heartbeats are comments, which a page cannot see [ms]
const CHECK_TIMEOUT = 5000; // [ms]

/**
 * Listens to `url`; `onDocument(kind, document)` gets each document, `onState(state)` "connecting", "live" or "lost".
 */
export class LiveEvents {
  #url;
  #check;
  #kinds;
  #onDocument;
  #onState;
  #source = null;
  #heard = 0;
  #state = "connecting";
  #retry = null;

  constructor({ url, check, kinds, onDocument, onState }) {
    this.#url = url;
    this.#check = check;
    this.#kinds = kinds;
    this.#onDocument = onDocument;
    this.#onState = onState;
  }

  /** Opens the stream and keeps it open for as long as the page lives. */
  start() {
    this.#open();
    setInterval(() => this.#lookAfter(), QUIET_AFTER / 3);
    // A telephone that wakes up or finds its network again should not wait for the browser to notice.
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookAfter());
    window.addEventListener("online", () => this.#lookAfter());
  }

  #open() {
    clearTimeout(this.#retry);
    this.#source?.close();
    this.#source = new EventSource(this.#url);
    this.#source.addEventListener("open", () => this.#hear());
    this.#source.addEventListener("error", () => this.#lose());
    for (const kind of this.#kinds) {
      this.#source.addEventListener(kind, (event) => {
        this.#hear();
        this.#onDocument(kind, JSON.parse(event.data));
      });
    }
  }

  #hear() {
    this.#heard = performance.now();
    this.#tell("live");
  }

  #tell(state) {
    this.#state = state;
    this.#onState(state);
  }

  #lose() {
    this.#tell("lost");
    if (this.#source.readyState === EventSource.CLOSED) {
      clearTimeout(this.#retry);
      this.#retry = setTimeout(() => this.#open(), RETRY_AFTER);
    }
  }

  // A pulled cable gives no error: after a quiet while the server is asked, and the stream begun again if it was gone.
  async #lookAfter() {
    const lost = this.#source.readyState !== EventSource.OPEN;
    if (!lost && performance.now() - this.#heard < QUIET_AFTER) {
      return;
    }
    if (!(await this.#answers())) {
      this.#tell("lost");
    } else if (this.#state !== "live") {
      this.#open();
    }
  }

  async #answers() {
    try {
      return (await fetch(this.#check, { cache: "no-store", signal: AbortSignal.timeout(CHECK_TIMEOUT) })).ok;
    } catch {
      return false; // no network, or no answer in time: that is what was asked
    }
  }
}
