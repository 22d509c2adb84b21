// The country list: a button that opens a listbox, as the design system has it.
export function countryPicker(countries, onPick) {
  const button = document.getElementById('country');
  const list = document.getElementById('countries');
  list.replaceChildren(...countries.map(({ code, name }) => {
    const option = document.createElement('li');
    option.role = 'option';
    option.dataset.value = code;
    option.innerHTML = `<i class="flag ${code}"></i>${name}`;
    option.onclick = () => pick(code, name);
    return option;
  }));
  function open(show) {
    list.hidden = !show;
    button.setAttribute('aria-expanded', show);
  }
  function pick(code, name) {
    button.querySelector('.flag').className = `flag ${code}`;
    document.getElementById('country-value').textContent = name;
    for (const option of list.children) option.ariaSelected = option.dataset.value === code;
    open(false);
    onPick(code);
  }
  button.onclick = () => open(list.hidden);
}
