using ExoConnect.Core.Environments;

namespace ExoConnect.Core.Onboarding.Graph;

/// <summary>An application permission that an application needs to connect (protocol.md section 2).</summary>
/// <param name="ResourceAppId">The application id of the service that offers it.</param>
/// <param name="ResourceName">The portal's name for that service.</param>
/// <param name="Id">The permission's id.</param>
internal sealed record RequiredPermission(Guid ResourceAppId, string ResourceName, Guid Id)
{
    /// <summary>The permission's value in tokens.</summary>
    public const string Value = "Exchange.ManageAsApp";

    private static readonly RequiredPermission Exchange = new(
        new Guid("00000002-0000-0ff1-ce00-000000000000"), "Office 365 Exchange Online", new Guid("dc50a0fb-09a3-484d-be87-e023b12c6440"));

    private static readonly RequiredPermission Protection = new(
        new Guid("00000007-0000-0ff1-ce00-000000000000"), "Microsoft Exchange Online Protection", new Guid("455e5cd2-84e8-4751-8344-5672145dfa17"));

    /// <summary>
    /// The permissions for some services. The worldwide cloud has one for both; the others have a second one for Security &amp; Compliance.
    /// </summary>
    /// <param name="environment">The cloud.</param>
    /// <param name="services">The services.</param>
    /// <returns>One or two.</returns>
    public static IReadOnlyList<RequiredPermission> For(ExoEnvironment environment, IEnumerable<ExoService> services)
    {
        var apart = environment.SignIn == CloudEnvironments.O365China.SignIn || environment.SignIn == CloudEnvironments.O365USGovGccHigh.SignIn;
        return apart && services.Contains(ExoService.SecurityCompliance) ? [Exchange, Protection] : [Exchange];
    }

    /// <inheritdoc/>
    public override string ToString() => $"{Value} of {ResourceName}";
}
