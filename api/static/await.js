// What a person had put into the journal is applied in its turn: the page is shown anew as soon as that is done.

const EVERY = 1000; // [ms]
const place = document.querySelector("[data-awaited]");

async function look() {
  const answer = await fetch("/api/v1/collector").catch(() => null); // a server that is away comes back
  const applied = answer?.ok ? (await answer.json()).sequence : 0;
  // Whoever has begun to pick or to write is not disturbed.
  const busy = document.querySelector("tbody input:checked") ?? document.querySelector("input:focus:not([type=checkbox])");
  if (applied >= Number(place.dataset.awaited) && !busy) {
    location.reload();
  } else {
    setTimeout(look, EVERY);
  }
}

if (place) {
  look();
}
