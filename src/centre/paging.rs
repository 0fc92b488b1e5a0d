//! A search answer to its end (PS3.18 8.3.4.4).

use std::collections::HashSet;

use serde_json::Value;
use url::Url;

use super::answer::JSON_LIMIT;
use super::json::Item;
use super::{CentreError, Client, Service};
use crate::dicom::error::WarningCode;
use crate::dicom::{Uid, Warning};

/// So many rows are taken of any search; more is a question that should be put more narrowly.
const MOST_ROWS: usize = 200_000;

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rows<T> {
    /// The rows, each once, in the centre's order.
    pub rows: Vec<T>,
    /// Rows that could not be read, and why; the others are shown all the same.
    pub warnings: Vec<Warning>,
    /// Whether the centre has no more.
    pub complete: bool,
}

/// One search: where, how many rows a page (from the largest that is tried), and how a row is read, told apart and
/// kept.
pub(super) struct Search<'a, T> {
    pub(super) service: Service,
    pub(super) url: Url,
    pub(super) pages: &'static [usize],
    pub(super) at_most: Option<usize>,
    /// There can be one row: when it is here, the search is at its end.
    pub(super) one: bool,
    pub(super) read: &'a (dyn Fn(Item<'_>) -> Result<T, Warning> + Sync),
    pub(super) key: fn(&T) -> &Uid,
    pub(super) keep: &'a (dyn Fn(&T) -> bool + Sync),
}

impl Client {
    /// Asks page after page until one is empty or brings nothing new. A short page is not the end: a centre
    /// may have a smaller page than we asked for, and one that knows no offset answers the same again.
    pub(super) async fn pages<T>(&self, search: Search<'_, T>) -> Result<Rows<T>, CentreError> {
        let mut found = Rows { rows: Vec::new(), warnings: Vec::new(), complete: false };
        let mut seen = HashSet::new();
        let at_most = search.at_most.unwrap_or(MOST_ROWS).min(MOST_ROWS);
        let mut offset = 0;
        let mut sizes = search.pages.iter().map(|size| (*size).min(at_most.saturating_add(1)));
        let mut size = sizes.next().unwrap_or(1);
        let mut previous: Vec<Value> = Vec::new();
        while offset < MOST_ROWS {
            let page = match self.page(&search, offset, size).await {
                Ok(page) => page,
                // Perhaps only because so many are asked for at once.
                Err(error @ CentreError::RequestRefused { .. }) if offset == 0 => {
                    size = sizes.next().ok_or(error)?;
                    continue;
                }
                // A centre that refuses to go on: what it gave is shown, and shown as incomplete.
                Err(CentreError::RequestRefused { .. }) => break,
                Err(error) => return Err(error),
            };
            if page.is_empty() || page == previous {
                found.complete = true;
                break;
            }
            offset += page.len();
            let (rows_before, warnings_before) = (seen.len(), found.warnings.len());
            for value in &page {
                match Item::of(value).ok_or_else(not_an_object).and_then(|item| (search.read)(item)) {
                    Ok(row) if !seen.insert((search.key)(&row).clone()) => {}
                    Ok(row) if (search.keep)(&row) => found.rows.push(row),
                    Ok(_) => {}
                    Err(warning) => found.warnings.push(warning),
                }
            }
            if seen.len() == rows_before && found.warnings.len() == warnings_before {
                found.complete = true;
                break;
            }
            if search.one && found.rows.len() == 1 {
                found.complete = true;
                break;
            }
            if found.rows.len() > at_most {
                found.rows.truncate(at_most);
                break;
            }
            previous = page;
        }
        Ok(found)
    }

    async fn page<T>(
        &self,
        search: &Search<'_, T>,
        offset: usize,
        size: usize,
    ) -> Result<Vec<Value>, CentreError> {
        let mut url = search.url.clone();
        url.query_pairs_mut()
            .append_pair("limit", &size.to_string())
            .append_pair("offset", &offset.to_string());
        self.get_json(search.service, url).await?.json_items(JSON_LIMIT).await
    }
}

fn not_an_object() -> Warning {
    Warning::new(WarningCode::BadValue, "JSON")
}
