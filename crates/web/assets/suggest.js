// 搜索联想：给每个搜索框加上联想列表（ARIA combobox）。没有脚本时，表单照常提交。
// Suggestions while typing. It never moves the focus, waits for input methods to finish, and drops stale answers.

const PAUSE_MILLIS = 120;
const ADDRESS = "/search/suggest?q=";
const TEXT_MAX = 100;

let count = 0;

class Box {
  constructor(input) {
    this.input = input;
    this.form = input.form;
    // A field that asks for a place is filled; the search box leads to a page.
    this.address = input.dataset.regions ?? ADDRESS;
    this.holder = input.dataset.regions === undefined ? input.form : input.parentElement;
    this.chosen = -1;
    this.options = [];
    this.composing = false;
    this.timer = 0;
    this.asking = null;
    this.silentUntil = 0;
    this.dressed();
    this.listen();
  }

  dressed() {
    count += 1;
    const id = `suggestions-${count}`;
    this.list = document.createElement("ul");
    this.list.id = id;
    this.list.className = "suggestions";
    this.list.setAttribute("role", "listbox");
    this.list.setAttribute("aria-label", this.input.dataset.suggestions || "联想");
    this.list.hidden = true;
    this.holder.classList.add("has-suggestions");
    this.holder.append(this.list);
    const marks = { role: "combobox", autocomplete: "off", "aria-autocomplete": "list", "aria-controls": id, "aria-expanded": "false" };
    for (const [name, value] of Object.entries(marks)) this.input.setAttribute(name, value);
  }

  listen() {
    const { input } = this;
    input.addEventListener("compositionstart", () => {
      this.composing = true;
      this.stop();
    });
    input.addEventListener("compositionend", () => {
      this.composing = false;
      this.later();
    });
    input.addEventListener("input", (event) => {
      if (!this.composing && !event.isComposing) this.later();
    });
    input.addEventListener("keydown", (event) => this.key(event));
    input.addEventListener("blur", () => this.close());
    // Pressing the mouse would take the focus from the box, and the list would close before the click.
    this.list.addEventListener("mousedown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) this.open(option);
    });
    this.form.addEventListener("submit", () => this.close());
  }

  stop() {
    clearTimeout(this.timer);
    this.asking?.abort();
    this.asking = null;
  }

  later() {
    this.stop();
    const text = this.input.value.trim();
    if (!text || text.length > TEXT_MAX) {
      this.close();
      return;
    }
    this.timer = setTimeout(() => this.ask(text), PAUSE_MILLIS);
  }

  async ask(text) {
    if (Date.now() < this.silentUntil) return;
    const asking = new AbortController();
    this.asking = asking;
    try {
      const answer = await fetch(this.address + encodeURIComponent(text), { signal: asking.signal, headers: { accept: "application/json" } });
      if (answer.status === 429) {
        this.silentUntil = Date.now() + 1000 * Number(answer.headers.get("retry-after") || 1);
        return;
      }
      if (!answer.ok) return;
      const { suggestions } = await answer.json();
      const isWanted = this.asking === asking && document.activeElement === this.input && !this.composing;
      if (isWanted) this.show(suggestions);
    } catch {
      // Aborted, or no connection: the form works without suggestions.
    }
  }

  show(suggestions) {
    this.chosen = -1;
    this.input.removeAttribute("aria-activedescendant");
    this.options = suggestions.map((suggestion, n) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${n}`;
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
      if (suggestion.value === undefined) option.dataset.path = suggestion.path;
      else option.dataset.value = suggestion.value;
      const title = document.createElement("span");
      title.textContent = suggestion.title;
      const kind = document.createElement("small");
      kind.textContent = suggestion.kind_title;
      option.append(title, " ", kind);
      return option;
    });
    this.list.replaceChildren(...this.options);
    const isOpen = this.options.length > 0;
    this.list.hidden = !isOpen;
    this.input.setAttribute("aria-expanded", String(isOpen));
  }

  close() {
    this.stop();
    this.show([]);
  }

  choose(n) {
    this.options[this.chosen]?.setAttribute("aria-selected", "false");
    this.chosen = n;
    const option = this.options[n];
    if (!option) {
      this.input.removeAttribute("aria-activedescendant");
      return;
    }
    option.setAttribute("aria-selected", "true");
    option.scrollIntoView({ block: "nearest" });
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  key(event) {
    if (this.composing || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const last = this.options.length - 1;
    const isOpen = last >= 0;
    switch (event.key) {
      case "ArrowDown":
        if (isOpen) this.choose(this.chosen >= last ? -1 : this.chosen + 1);
        else this.later();
        break;
      case "ArrowUp":
        if (!isOpen) return;
        this.choose(this.chosen < 0 ? last : this.chosen - 1);
        break;
      case "Enter":
        if (this.chosen < 0) return;
        this.open(this.options[this.chosen]);
        break;
      case "Escape":
        // A second Escape empties the box, as search boxes do by themselves.
        if (!isOpen) return;
        this.close();
        break;
      default:
        return;
    }
    event.preventDefault();
  }

  open(option) {
    const { path, value } = option.dataset;
    this.close();
    if (value !== undefined) {
      this.input.value = value;
      this.input.dispatchEvent(new Event("change", { bubbles: true }));
      return;
    }
    // Only pages of this site.
    if (path?.startsWith("/") && !path.startsWith("//")) location.assign(path);
  }
}

for (const input of document.querySelectorAll("form[role=search] input[type=search], input[data-regions]")) new Box(input);
