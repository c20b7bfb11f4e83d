"use strict";
// All that the page does: it shows another row, tab, sentence or temperature of what was computed.
(() => {
  const find = (id) => document.getElementById(id);
  const page = find("page"), data = JSON.parse(page.dataset.page);
  const sentence = find("sentence"), rows = find("rows"), arcs = find("arcs");
  const slider = find("temperature"), next = find("next"), wrote = find("wrote");
  const tabs = [...page.querySelectorAll("[role=tab]")];
  const SIZES = [2.4, 2.2, 2, 1.8, 1.65, 1.5, 1.35, 1.2]; // rem; the largest at which one line is enough
  const MOST_NEXT = 5;
  let scene = data.scenes[0], tab = data.tab, chosen = scene.row, pointed = null, oneLine = false;

  const percent = (share) => Math.floor(100 * share + 0.5);
  const shade = (share) => `s${Math.round(9 * share ** 0.7)}`;

  const make = (tag, name, ...inside) => {
    const element = document.createElement(tag);
    if (name) element.className = name;
    element.append(...inside);
    return element;
  };

  const temperature = () => 10 ** (slider.value / 10);

  // The softmax of the scores, each divided by the temperature. The logarithm of a share is its
  // score, up to a number that is the same for the whole row.
  function soften(shares) {
    if (slider.value === "0") return shares;
    const scores = shares.map((share) => Math.log(share) / temperature());
    const largest = Math.max(...scores);
    const powers = scores.map((score) => Math.exp(score - largest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  }

  function nameOf(place, row) {
    if (place === row) return "itself";
    const word = scene.words[place];
    const same = scene.words.filter((it) => it.toLowerCase() === word.toLowerCase());
    return same.length > 1 ? `${word} (word ${place + 1})` : word;
  }

  function readOut(shares, row) {
    const looks = `“${scene.words[row]}” looks at`;
    if (Math.max(...shares) - Math.min(...shares) < 0.005) {
      return `${looks} all words alike, with ${percent(shares[0])}\u00a0% each.`;
    }
    const places = shares.map((_, place) => place).sort((a, b) => shares[b] - shares[a]);
    const told = places.slice(0, 3).filter((it, at) => at === 0 || shares[it] >= 0.01)
      .map((it) => `${nameOf(it, row)} with ${percent(shares[it])}\u00a0%`);
    const last = told.pop();
    return `${looks} ${told.join(", ")}${told.length ? " and " : ""}${last}.`;
  }

  // The words and the table of another sentence; `paint` fills in the numbers.
  function build() {
    sentence.replaceChildren(...scene.words.map((word, place) => {
      const radio = make("input", "vh");
      Object.assign(radio, { type: "radio", name: "word", value: place, checked: place === chosen });
      radio.autocomplete = "off";
      const number = make("small");
      number.ariaHidden = "true";
      return make("label", "word", radio, make("span", "ink", word), number);
    }));
    const heads = scene.words.map((word) => {
      const head = make("th", "", make("span", "", word));
      head.scope = "col";
      return head;
    });
    rows.parentElement.tHead.rows[0].replaceChildren(make("td"), ...heads);
    rows.replaceChildren(...scene.words.map((word) => {
      const head = make("th", "", word);
      head.scope = "row";
      return make("tr", "", head, ...scene.words.map(() => make("td")));
    }));
    if (wrote) wrote.replaceChildren(...scene.wrote.map((text) => make("li", "", text)));
    fit();
  }

  function paint() {
    const weights = next ? scene.tabs[tab] : scene.tabs[tab].map(soften);
    const row = pointed ?? chosen;
    [...sentence.children].forEach((word, place) => {
      const share = weights[row][place];
      word.classList.toggle("looks", place === row);
      word.querySelector(".ink").className = `ink ${shade(share)}`;
      word.querySelector("small").textContent = `${percent(share)}\u00a0%`;
    });
    [...rows.rows].forEach((line, i) => {
      line.className = i === row ? "lit" : "";
      weights[i].forEach((share, j) => {
        line.cells[j + 1].className = shade(share);
        line.cells[j + 1].textContent = percent(share);
      });
    });
    const said = readOut(weights[row], row);
    if (find("reading").textContent !== said) find("reading").textContent = said;
    drawArcs(weights[row], row);
    if (next) paintNext();
  }

  function paintNext() {
    const shares = soften(scene.next.map((pair) => pair[1]));
    const places = shares.map((_, place) => place).sort((a, b) => shares[b] - shares[a]);
    places.slice(0, MOST_NEXT).forEach((place, at) => {
      const line = next.children[at];
      line.firstElementChild.textContent = scene.next[place][0];
      line.querySelector(".fill").setAttribute("width", 100 * shares[place]);
      line.lastElementChild.textContent = `${percent(shares[place])}\u00a0%`;
    });
  }

  // The largest letters with which the sentence stands on one line; else the style sheet's.
  function fit() {
    const stage = sentence.parentElement;
    stage.classList.add("one-line");
    oneLine = SIZES.some((size) => {
      sentence.style.fontSize = `${size}rem`;
      return sentence.scrollWidth <= sentence.clientWidth;
    });
    if (oneLine) return;
    stage.classList.remove("one-line");
    sentence.style.fontSize = "";
  }

  // From the word that looks to those that it looks at. Within a line an arc runs above the words,
  // to another line it leaves towards it.
  function drawArcs(shares, row) {
    const frame = arcs.getBoundingClientRect();
    const boxes = [...sentence.children].map((word) => {
      const ink = word.querySelector(".ink").getBoundingClientRect();
      return { x: ink.left + ink.width / 2 - frame.left, top: ink.top - frame.top - 2,
               bottom: word.getBoundingClientRect().bottom - frame.top + 1 };
    });
    const from = boxes[row], widest = Math.max(...boxes.map((to) => Math.abs(to.x - from.x)));
    arcs.replaceChildren(...shares.flatMap((share, place) => {
      if (place === row || share < 0.005) return [];
      const to = boxes[place], wide = Math.abs(to.x - from.x);
      let points;
      if (Math.abs(to.top - from.top) < 2) {
        const high = oneLine ? from.top : 38;
        const top = from.top - Math.min(high * 1.2 * Math.sqrt(wide / widest), 0.9 * wide);
        points = [from.top, top, top, to.top];
      } else {
        const [start, end] = to.top < from.top ? [from.top, to.bottom] : [from.bottom, to.top];
        const middle = (start + end) / 2;
        points = [start, middle, middle, end];
      }
      const arc = document.createElementNS("http://www.w3.org/2000/svg", "path");
      const [y1, c1, c2, y2] = points;
      arc.setAttribute("d", `M${from.x} ${y1}C${from.x} ${c1} ${to.x} ${c2} ${to.x} ${y2}`);
      arc.setAttribute("stroke-width", 0.75 + 7 * share);
      arc.setAttribute("stroke-opacity", 0.25 + 0.6 * share);
      return [arc];
    }));
  }

  function choose(row) {
    chosen = row;
    pointed = null;
    sentence.children[row].querySelector("input").checked = true;
    paint();
  }

  function openTab(place, focus) {
    tab = place;
    tabs.forEach((each, at) => {
      each.setAttribute("aria-selected", at === tab);
      each.tabIndex = at === tab ? 0 : -1;
    });
    if (focus) tabs[tab].focus();
    find("view").setAttribute("aria-labelledby", tabs[tab].id);
    find("tab-name").textContent = tabs[tab].textContent;
    find("about").textContent = data.tabs[tab];
    paint();
  }

  sentence.addEventListener("change", (event) => choose(Number(event.target.value)));

  // A pointer shows a row while it is there; a finger chooses, as a click does.
  const point = (list, selector) => {
    list.addEventListener("pointerover", (event) => {
      const element = event.pointerType === "touch" ? null : event.target.closest(selector);
      if (element) { pointed = [...list.children].indexOf(element); paint(); }
    });
    list.addEventListener("pointerleave", () => { pointed = null; paint(); });
  };
  point(sentence, ".word");
  point(rows, "tr");
  rows.addEventListener("click", (event) => {
    const line = event.target.closest("tr");
    if (line) choose([...rows.children].indexOf(line));
  });

  tabs.forEach((each, place) => {
    each.addEventListener("click", () => openTab(place));
    each.addEventListener("keydown", (event) => {
      const last = tabs.length - 1;
      const to = { ArrowRight: place < last ? place + 1 : 0, ArrowLeft: place ? place - 1 : last,
                   Home: 0, End: last }[event.key];
      if (to === undefined) return;
      event.preventDefault();
      openTab(to, true);
    });
  });

  page.querySelector(".switch")?.addEventListener("change", (event) => {
    const before = scene.words.length;
    scene = data.scenes[event.target.value];
    if (scene.words.length !== before) chosen = scene.row;
    pointed = null;
    build();
    paint();
  });

  function heat() {
    const shown = Number(temperature().toPrecision(2));
    find("degree").textContent = shown;
    slider.setAttribute("aria-valuetext", shown === 1 ? "1, as computed" : `${shown}`);
    find("as-computed").disabled = shown === 1;
    page.querySelector(".temperature").classList.toggle("changed", shown !== 1);
    paint();
  }
  slider.addEventListener("input", heat);
  find("as-computed").addEventListener("click", () => { slider.value = 0; slider.focus(); heat(); });

  page.querySelectorAll("[hidden]").forEach((element) => { element.hidden = false; });
  page.classList.add("live");
  build();
  heat();
  let width = 0;
  new ResizeObserver(() => {
    if (sentence.clientWidth === width) return;
    width = sentence.clientWidth;
    fit();
    paint();
  }).observe(page);
})();
