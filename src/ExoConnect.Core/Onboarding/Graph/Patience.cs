using System.Globalization;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Hosting;

namespace ExoConnect.Core.Onboarding.Graph;

/// <summary>Waits for a directory that replicates: retries until the directory knows a new object.</summary>
/// <param name="limit">How long, for one object.</param>
/// <param name="first">The first pause; it doubles up to sixteen times that.</param>
/// <param name="clock">The clock.</param>
/// <param name="messages">Receives the waits.</param>
internal sealed class Patience(TimeSpan limit, TimeSpan first, TimeProvider clock, IEngineMessages messages)
{
    private static readonly TimeSpan TellAfter = TimeSpan.FromSeconds(10);

    private bool _told;

    /// <summary>Retries until the directory knows the object.</summary>
    /// <param name="what">The unknown object, as a sentence without its end.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="isNotYet">Whether a failure means that it is too early.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>The result.</returns>
    /// <exception cref="ExoException"><c>ReplicationTimeout</c>, or the attempt's own failure.</exception>
    public async Task<T> UntilAsync<T>(
        string what, Func<CancellationToken, Task<T>> attempt, Func<ExoException, bool> isNotYet, CancellationToken cancellationToken)
    {
        var start = clock.GetTimestamp();
        for (var pause = first; ; pause = Min(pause * 2, first * 16))
        {
            try
            {
                return await attempt(cancellationToken).ConfigureAwait(false);
            }
            catch (ExoException e) when (isNotYet(e))
            {
                var waited = clock.GetElapsedTime(start);
                if (waited + pause > limit)
                {
                    throw OnboardingErrors.StillUnknown(what, waited, e);
                }

                ReportWait(what, waited, pause);
            }

            await Task.Delay(pause, clock, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TimeSpan Min(TimeSpan a, TimeSpan b) => a < b ? a : b;

    private void ReportWait(string what, TimeSpan waited, TimeSpan pause)
    {
        messages.Verbose(string.Create(CultureInfo.InvariantCulture, $"{what}; trying again in {pause.TotalSeconds:0.#} s."));
        if (waited >= TellAfter && !_told)
        {
            _told = true;
            messages.Warning(string.Create(CultureInfo.InvariantCulture,
                $"{what}: Microsoft Entra ID is still replicating. This can take minutes; waiting up to {limit.TotalMinutes:0.#}."));
        }
    }
}
