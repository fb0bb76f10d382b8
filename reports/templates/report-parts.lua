-- The parts of a report in the order of GOST 7.32, for both renderers. In PDF and DOCX the contents
-- stand at `::: {.contents-here}`, headings of class `structural` or `appendix` are centred on new
-- pages, and terms are told apart from their definitions by a dash. What a report consists of is
-- counted: `[]{.count-figures}`, also tables, sources, appendices and, on paper, pages; what is of
-- class `paper-only` is left out in HTML.

local is_html = FORMAT:match("^html") ~= nil
local is_docx = FORMAT == "docx"
local is_typst = FORMAT:match("^typst") ~= nil

local LABELS = { fig = "figures", tbl = "tables" }

-- Counting ---------------------------------------------------------------------------------------

local found = { figures = {}, tables = {}, entries = {}, citations = {}, appendices = {} }

local function note_label(element)
  local kind = LABELS[(element.identifier or ""):match("^(%a+)%-")]
  if kind ~= nil then
    found[kind][element.identifier] = true
  end
end

local function note_div(block)
  note_label(block)
  if block.classes:includes("csl-entry") then
    found.entries[block.identifier] = true
  end
end

local function note_appendix(heading)
  if heading.classes:includes("appendix") then
    found.appendices[heading.identifier] = true
  end
end

local function note_citations(cite)
  for _, citation in ipairs(cite.citations) do
    local kind = citation.id:match("^(%a+)%-")
    if kind == nil or (LABELS[kind:lower()] == nil and kind:lower() ~= "sec") then
      found.citations[citation.id] = true
    end
  end
end

local function size(set)
  local n = 0
  for _ in pairs(set) do
    n = n + 1
  end
  return n
end

-- Sources are counted in the list, or, while there is none yet, as they are cited.
local function count(kind)
  if kind == "sources" then
    return math.max(size(found.entries), size(found.citations))
  end
  return size(found[kind])
end

local function write_pages()
  if is_typst then
    return pandoc.RawInline("typst", "#context counter(page).final().first()")
  end
  local field = '<w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    .. '<w:r><w:instrText xml:space="preserve"> NUMPAGES </w:instrText></w:r>'
    .. '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>…</w:t></w:r>'
    .. '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
  return pandoc.RawInline("openxml", field)
end

local function write_span(span)
  if span.classes:includes("paper-only") and is_html then
    return {}
  end
  for _, class in ipairs(span.classes) do
    local kind = class:match("^count%-(%a+)$")
    if kind == "pages" then
      return write_pages()
    elseif kind == "sources" or (kind ~= nil and found[kind] ~= nil) then
      return pandoc.Str(tostring(count(kind)))
    elseif kind ~= nil then
      error("report-parts: nothing is counted by the class " .. class)
    end
  end
  return nil
end

-- Contents ---------------------------------------------------------------------------------------

local title_of_contents = ""

local function note_title(meta)
  if meta["toc-title"] ~= nil then
    title_of_contents = pandoc.utils.stringify(meta["toc-title"])
  end
end

local function style(name, blocks)
  return pandoc.Div(blocks, pandoc.Attr("", {}, { ["custom-style"] = name }))
end

-- A field that Word fills. The embedded renderer puts entries in place before it comes to this.
local function write_contents()
  if is_typst then
    return pandoc.RawBlock("typst", "#contents-here()")
  elseif not is_docx then
    return {}
  end
  local field = '<w:p><w:r><w:fldChar w:fldCharType="begin" w:dirty="true"/></w:r>'
    .. '<w:r><w:instrText xml:space="preserve"> TOC \\o "1-2" \\h \\z \\u </w:instrText></w:r>'
    .. '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>…</w:t></w:r>'
    .. '<w:r><w:fldChar w:fldCharType="end"/></w:r></w:p>'
  return { style("TOC Heading", { pandoc.Para(title_of_contents) }), pandoc.RawBlock("openxml", field) }
end

-- Headings ---------------------------------------------------------------------------------------

-- Give "Appendix A" a line of its own, in capitals.
local function break_name(inlines)
  local written = pandoc.Inlines({})
  local is_after_name = false
  for _, inline in ipairs(inlines) do
    if inline.t == "Span" and inline.classes:includes("appendix-name") then
      written:insert(pandoc.Str(pandoc.text.upper(pandoc.utils.stringify(inline))))
      written:insert(pandoc.LineBreak())
      is_after_name = true
    elseif not (is_after_name and inline.t == "Space") then
      written:insert(inline)
      is_after_name = false
    end
  end
  return written
end

local function write_heading(heading)
  local is_appendix = heading.classes:includes("appendix")
  if is_html or not (is_appendix or heading.classes:includes("structural")) then
    return nil
  end
  local text = is_appendix and break_name(heading.content) or heading.content
  if is_typst then
    heading.content = text
    local opening = is_appendix and "#appendix-heading[" or "#structural-heading["
    return { pandoc.RawBlock("typst", opening), heading, pandoc.RawBlock("typst", "]") }
  elseif is_docx then
    local name = is_appendix and "Appendix Heading" or "Structural Heading"
    local suffix = heading.classes:includes("unlisted") and " Unlisted" or ""
    local marked = pandoc.Span(text, pandoc.Attr(heading.identifier))
    return style(name .. suffix, { pandoc.Para({ marked }) })
  end
  return nil
end

-- Terms ------------------------------------------------------------------------------------------

local function write_entry(term, blocks)
  local text = pandoc.utils.blocks_to_inlines(blocks)
  local line = pandoc.Inlines({})
  if is_typst then
    line:insert(pandoc.RawInline("typst", "#terms.item["))
    line:extend(term)
    line:insert(pandoc.RawInline("typst", "]["))
    line:extend(text)
    line:insert(pandoc.RawInline("typst", "]"))
    return pandoc.Para(line)
  end
  line:insert(pandoc.Strong(term))
  line:insert(pandoc.Str("\u{A0}— "))
  line:extend(text)
  return style("Definition Entry", { pandoc.Para(line) })
end

local function write_terms(list)
  if is_html then
    return nil
  end
  local written = pandoc.Blocks({})
  for _, item in ipairs(list.content) do
    for _, definition in ipairs(item[2]) do
      written:insert(write_entry(item[1], definition))
    end
  end
  return written
end

local function write_div(block)
  if block.classes:includes("contents-here") then
    return write_contents()
  end
  return nil
end

return {
  {
    Meta = note_title,
    Figure = note_label,
    Table = note_label,
    Image = note_label,
    Div = note_div,
    Header = note_appendix,
    Cite = note_citations,
    -- How Quarto holds figures and tables while filters run.
    FloatRefTarget = note_label,
  },
  { Div = write_div, Header = write_heading, DefinitionList = write_terms, Span = write_span },
}
