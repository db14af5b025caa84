-- What a site's tag has compiled in (`TagOptions` of the API), as JSON; nothing by default.
ALTER TABLE sites ADD COLUMN tag_options TEXT NOT NULL DEFAULT '{}' CHECK (json_valid(tag_options));
