// Finding an article in a long list.

'use strict'

{
  const field = document.getElementById('find')
  const found = document.getElementById('found')
  const entries = [...document.querySelectorAll('#shelf > li')]
  const folded = text => text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  const texts = entries.map(entry => folded(entry.textContent))

  field?.addEventListener('input', () => {
    const sought = folded(field.value).split(/\s+/)
    let count = 0
    entries.forEach((entry, place) => {
      entry.hidden = !sought.every(word => texts[place].includes(word))
      count += !entry.hidden
    })
    found.textContent = field.value.trim() ? found.dataset.text.replace('{n}', count) : ''
  })
}
