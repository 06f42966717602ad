// Selectors for the parts of the widget, in one place.

import { becomes, until } from "./harness.mjs";

/** A widget, as a user sees and uses it. */
export class Widget {
  /**
   * @param {import("playwright-core").Page} page
   * @param {number} [rank] Its index among the widgets of the page, from 0.
   */
  constructor(page, rank = 0) {
    this.page = page;
    this.element = page.locator("rex-search").nth(rank);
    // Only within the shadow root: the fallback content of the element has the same markup.
    const part = (selector) => this.element.locator(`.rex ${selector}`);
    this.part = part;
    this.view = part(".view");
    this.field = part("input[role=combobox]");
    this.submit = part("form[role=search] button");
    this.list = part("[role=listbox]");
    this.options = part("[role=option]");
    this.drawer = part(".drawer > summary");
    this.facets = part("fieldset.facet");
    this.results = part("section.results");
    this.heading = part(".results-head h2");
    this.hits = part("li.hit");
    this.titles = part("li.hit h3 a");
    this.marks = part("li.hit mark");
    this.sort = part(".sort select");
    this.active = part(".active a");
    this.chips = part(".chips a");
    this.notices = part(".notice:not([role=alert])");
    this.error = part("[role=alert]");
    this.retry = part("[role=alert] button");
    this.empty = part(".empty");
    this.near = part(".near");
    this.pager = part("nav.pager");
    this.more = part(".pager button");
    this.status = part("[role=status]");
    this.copy = part(".share button");
  }

  facet(name) {
    return this.part(`fieldset.facet[data-facet="${name}"]`);
  }

  /** A check box of a facet. */
  choice(facet, value) {
    return this.facet(facet).locator(`input[type=checkbox][value="${value}"]`).first();
  }

  /** The sliders of a facet, the lower one first. */
  sliders(facet) {
    return this.facet(facet).locator("input[type=range]");
  }

  pageLink(name) {
    return this.pager.getByRole("link", { name, exact: true });
  }

  /** Waits for an answer of any kind. */
  async ready() {
    await this.view.waitFor();
    await until("an answer", async () => (await this.hits.count()) + (await this.empty.count()) > 0);
    return this;
  }

  /** The number of cases in the heading. */
  async total() {
    const text = await this.heading.innerText();
    const number = text.replace(/[\s\u00a0\u202f,]/g, "").match(/^(\d+)(cas|case)/);
    return number ? Number(number[1]) : text;
  }

  /** Waits for a number of cases. */
  totals(expected) {
    return becomes(() => this.total(), expected);
  }

  titleTexts() {
    return this.titles.allInnerTexts();
  }

  /** Sets the query and submits it at once, so that no pause in typing starts a search of its own. */
  send(words) {
    return this.field.evaluate((field, words) => {
      field.value = words;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.form.requestSubmit();
    }, words);
  }

  /** The focused element within the widget. */
  focused() {
    return this.element.evaluate((element) => {
      const { activeElement } = element.shadowRoot;
      return activeElement ? (activeElement.id || activeElement.getAttribute("value") || activeElement.textContent).trim() : null;
    });
  }

  /**
   * Presses Tab until an element has the focus.
   * @param {import("playwright-core").Locator} target
   * @param {number} [most] Maximum number of key presses.
   */
  async tabTo(target, most = 80) {
    const isThere = () => target.evaluate((element) => element.getRootNode().activeElement === element && document.hasFocus()).catch(() => false);
    for (let pressed = 0; pressed <= most; pressed++) {
      if (await isThere()) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`no focus on ${target} after ${most} tabs; it is on ${await this.page.evaluate(focusedHtml)}`);
  }
}

/** The focused element of a page, including in shadow roots. Runs in the page. */
export function focusedHtml() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  return element?.outerHTML.slice(0, 200) ?? "nothing";
}

/** Waits until every widget of a page has an answer. */
export async function settled(page) {
  await until("answers of the widgets", () => page.evaluate(() => [...document.querySelectorAll("rex-search")]
    .every((element) => element.shadowRoot?.querySelector(".hits li, .empty") && !element.shadowRoot.querySelector("[aria-busy=true]"))));
}
