// 小帮手：没有它，每一页照样能用。
// Small helps: an amount is one amount, and a number can be copied.

// A preset amount and another amount are never both chosen.
function oneAmount(form) {
  const own = form.elements.namedItem("amount");
  const presets = [...form.querySelectorAll('input[type="radio"][name="preset"]')];
  const other = presets.find((one) => one.value === "");
  if (!own || other === undefined) return;
  for (const preset of presets) {
    preset.addEventListener("change", () => {
      if (preset !== other) own.value = "";
    });
  }
  own.addEventListener("input", () => {
    if (own.value.trim() !== "") other.checked = true;
  });
}

// Only where the browser lets a page write to the clipboard.
function copies(button) {
  if (navigator.clipboard === undefined) return;
  const before = button.textContent;
  button.hidden = false;
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(button.dataset.copy).then(
      () => true,
      () => false,
    );
    button.textContent = copied ? button.dataset.done : before;
  });
}

document.querySelectorAll("form").forEach(oneAmount);
document.querySelectorAll("button[data-copy]").forEach(copies);
