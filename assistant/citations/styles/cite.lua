-- Run by `pandoc lua`: CSL items and citations as JSON on standard input, every style's text as JSON on standard output.
-- In: {"items": [CSL item], "records": [CSL item, for BibTeX], "styles": {name: file},
--      "citations": [{"id": item id, "locator": "para. 8" or ""}]}
-- Out: {"styles": {name: {"in_text": [HTML, one a citation], "references": {item id: HTML}}}, "bibtex": text}
local asked = pandoc.json.decode(io.read("a"), false)
local read = pandoc.read(pandoc.json.encode(asked.items), "csljson")

local function html(blocks)
  local text = pandoc.write(pandoc.Pandoc(blocks), "html", {wrap_text = "none"})
  return (text:gsub("^%s*<p>", ""):gsub("</p>%s*$", ""))
end

local function in_style(file)
  local cited = pandoc.List()
  for _, citation in ipairs(asked.citations) do
    local locator = citation.locator ~= "" and "{" .. citation.locator .. "}" or ""
    cited:extend(pandoc.read("[@" .. citation.id .. locator .. "]", "markdown").blocks)
  end
  local meta = {references = read.meta.references, csl = file, ["link-citations"] = false, lang = "en-US"}
  local done = pandoc.utils.citeproc(pandoc.Pandoc(cited, meta))
  local texts, references = pandoc.List(), {}
  for _, block in ipairs(done.blocks) do
    if block.t == "Div" then
      for _, entry in ipairs(block.content) do
        references[entry.identifier:gsub("^ref%-", "")] = html(entry.content)
      end
    else
      texts:insert(html({block}))
    end
  end
  return {in_text = texts, references = references}
end

local function bibtex(items)
  return pandoc.write(pandoc.read(pandoc.json.encode(items), "csljson"), "bibtex", {wrap_text = "none"})
end

local styles = {}
for name, file in pairs(asked.styles) do
  styles[name] = in_style(file)
end
io.write(pandoc.json.encode({styles = styles, bibtex = bibtex(asked.records)}))
