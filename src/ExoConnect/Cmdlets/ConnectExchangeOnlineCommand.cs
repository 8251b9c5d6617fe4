using System.Management.Automation;

namespace ExoConnect.Cmdlets;

/// <summary>Signs an application or a user in to Exchange Online.</summary>
[Cmdlet(VerbsCommunications.Connect, "ExchangeOnline", DefaultParameterSetName = BrowserSet)]
public sealed class ConnectExchangeOnlineCommand : ConnectCmdlet
{
    /// <summary>Objects per page, 1 to 1,000.</summary>
    [Parameter]
    [ValidateRange(1, 1000)]
    public int PageSize { get; set; } = 1000;

    /// <summary>Show the progress of connecting, and of calls in the session. <c>$false</c> is for unattended sessions.</summary>
    [Parameter]
    public bool ShowProgress { get; set; } = true;

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public bool UseMultithreading { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public bool TrackPerformance { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter SkipLoadingFormatData { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter SkipLoadingCmdletHelp { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public SwitchParameter LoadCmdletHelp { get; set; }

    /// <summary>Accepted for scripts written for EXO.</summary>
    [Parameter(DontShow = true)]
    public object? SigningCertificate { get; set; }

    private protected override bool IsCompliance => false;

    private protected override int ObjectsPerPage => PageSize;

    private protected override bool IsWatched => ShowProgress;

    private protected override IEnumerable<(string Name, string Why)> Ignored() =>
    [
        .. base.Ignored(),
        (nameof(UseMultithreading), "requests run in parallel where that helps."),
        (nameof(TrackPerformance), "-Verbose shows the time of every request."),
        (nameof(SigningCertificate), "no temporary module is written, so there is nothing to sign."),
    ];
}
