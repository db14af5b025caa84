import { OrganizationsPage } from "../parts/manage/organizations-page.tsx";

/** Who pays for the calls, and how much. */
export default function AdvertisersPage() {
  return <OrganizationsPage kind="advertiser" />;
}
