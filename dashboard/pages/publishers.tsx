import { OrganizationsPage } from "../parts/manage/organizations-page.tsx";

/** Who brings the callers, and what their calls were worth. */
export default function PublishersPage() {
  return <OrganizationsPage kind="publisher" />;
}
