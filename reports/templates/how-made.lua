-- "How this figure was made" below a figure, for both renderers: folded in HTML, with the data of
-- the figure inside the page; left out of PDF and DOCX, where nothing can be folded or downloaded.

local function read(path)
  local file = io.open(path, "rb")
  if file == nil then
    error("how-made: the file " .. path .. " does not exist")
  end
  local content = file:read("a")
  file:close()
  return content
end

local function embed(link)
  if link.target:match("%.csv$") == nil then
    return nil
  end
  link.attributes.download = link.target:match("[^/]+$")
  link.target = pandoc.mediabag.make_data_uri("application/csv", read(link.target))
  return link
end

local function escape(text)
  return (text:gsub("[&<>]", { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;" }))
end

function Div(block)
  if not block.classes:includes("how-made") then
    return nil
  end
  if FORMAT:match("^html") == nil then
    return {}
  end
  local opening = '<details class="how-made">\n<summary>' .. escape(block.attributes.summary) .. "</summary>"
  local content = block.content:walk({ Link = embed })
  content:insert(1, pandoc.RawBlock("html", opening))
  content:insert(pandoc.RawBlock("html", "</details>"))
  return content
end
