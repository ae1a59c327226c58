// Help, not necessity: without this file every form still posts and every answer still shows.
"use strict";
(() => {
  const find = (selector, root = document) => root.querySelector(selector);

  // GB 32100-2015: 31 characters without I O S V Z, weights powers of 3 modulo 31.
  const ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const WEIGHTS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
  function usccFault(code) {
    if (code.length !== 18) return `应为 18 位,现为 ${code.length} 位`;
    const wrong = [...code].find((char) => !ALPHABET.includes(char));
    if (wrong) return `含有不允许的字符“${wrong}”(不用 I、O、S、V、Z)`;
    const total = WEIGHTS.reduce((sum, weight, i) => sum + weight * ALPHABET.indexOf(code[i]), 0);
    return ALPHABET[(31 - (total % 31)) % 31] === code[17] ? "" : "校验位不对,请核对营业执照";
  }

  function watchUscc() {
    const input = find("[data-uscc]");
    const live = find("#uscc-live");
    if (!input || !live) return;
    const check = () => {
      const code = input.value.normalize("NFKC").trim().toUpperCase();
      const fault = code ? usccFault(code) : "";
      live.className = code ? `live ${fault ? "bad" : "good"}` : "live";
      live.textContent = code ? fault || "校验位正确" : "";
    };
    input.addEventListener("input", check);
    check();
  }

  function watchIndustry() {
    const input = find("#f-industry");
    const list = find("#industries");
    if (!input || !list) return;
    let timer = 0;
    input.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(async () => {
        const answer = await fetch(`/industries?q=${encodeURIComponent(input.value)}`);
        if (!answer.ok) return;
        list.replaceChildren(...(await answer.json()).map(({ code, name }) => {
          const option = document.createElement("option");
          option.value = `${code} ${name}`;
          return option;
        }));
      }, 200);
    });
  }

  // The server drew and escaped the fragment; it is parsed without running anything.
  function parsed(html) {
    return new DOMParser().parseFromString(html, "text/html").body;
  }

  async function post(form, name) {
    const button = find("button[type=submit]", form);
    button.disabled = true;
    try {
      const body = new URLSearchParams(new FormData(form));
      const headers = { "X-Fragment": name };
      return parsed(await (await fetch(form.action, { method: "POST", body, headers })).text());
    } catch {
      return parsed('<div class="faults" role="alert"><p>网络不通,请稍后再试。</p></div>');
    } finally {
      button.disabled = false;
    }
  }

  function markFaults(form, results) {
    for (const field of form.querySelectorAll(".field.wrong")) field.classList.remove("wrong");
    for (const fault of form.querySelectorAll(".fault")) fault.remove();
    for (const link of results.querySelectorAll("[data-field]")) {
      const field = find(`#f-${link.dataset.field}`)?.closest(".field");
      if (!field) continue;
      const said = document.createElement("p");
      said.className = "fault";
      said.textContent = link.parentElement.textContent.replace(/^[^:]*:/, "");
      field.classList.add("wrong");
      field.append(said);
      field.closest("details")?.setAttribute("open", "");
    }
  }

  function watchMatch() {
    const form = find("#match");
    const results = find("#results");
    if (!form || !results) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      results.classList.add("busy");
      const fragment = await post(form, "results");
      results.classList.remove("busy");
      results.replaceChildren(...fragment.childNodes);
      find(".layout").classList.add("has-results");
      find(".hero")?.remove();
      markFaults(form, results);
      const found = find(".found", results);
      const ask = find("#ask");
      if (found && ask) {
        ask.elements.profile.value = found.dataset.profile;
        ask.elements.on.value = found.dataset.on;
      }
      results.scrollIntoView();
      results.focus({ preventScroll: true });
    });
  }

  function watchAsk() {
    const form = find("#ask");
    const turns = find("#turns");
    if (!form || !turns) return;
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      if (!form.elements.message.value.trim()) return;
      const fragment = await post(form, "turn");
      const turn = find(".turn", fragment);
      turns.append(...fragment.childNodes);
      if (turn) {
        form.elements.session_id.value = turn.dataset.session;
        form.elements.message.value = "";
      }
      turns.lastElementChild?.scrollIntoView({ block: "nearest" });
    });
    form.elements.message.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
        event.preventDefault();
        form.requestSubmit();
      }
    });
    document.addEventListener("click", (event) => {
      const button = event.target.closest("[data-say]");
      if (!button) return;
      form.elements.message.value = button.dataset.say;
      form.requestSubmit();
    });
  }

  // A link to a field opens the closed group it stands in.
  document.addEventListener("click", (event) => {
    const link = event.target.closest('a[href^="#f-"]');
    const field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (!field) return;
    field.closest("details")?.setAttribute("open", "");
    setTimeout(() => field.focus(), 0);
  });

  watchUscc();
  watchIndustry();
  watchMatch();
  watchAsk();
})();
