using ExoConnect.Core.Authentication.Providers;
using ExoConnect.Core.Errors;
using ExoConnect.Core.Onboarding.Graph;

namespace ExoConnect.Core.Onboarding.SetUp;

/// <content>What a plan does once its steps are approved.</content>
public sealed partial class ApplicationSetUp
{
    /// <summary>One run of the approved steps.</summary>
    private sealed class Run(ApplicationSetUp plan, HashSet<SetUpAction> approved, Action<string>? progress, CancellationToken cancellationToken)
    {
        private readonly SetUpOptions _options = plan._options;
        private readonly GraphDirectory _graph = plan._graph;
        private readonly Patience _patience = new(plan._options.Patience, plan._options.RetryDelay, plan._options.Clock, plan._messages);
        private readonly List<SetUpStepResult> _results = [];
        private readonly List<ExoException> _failures = [];
        private DirectoryApplication? _application = plan._application;
        private DirectoryPrincipal? _principal = plan._principal;
        private readonly CertificateChoice _certificate = plan._certificate;
        private bool _skipped;

        private ApplicationArguments Arguments => _options.Arguments(_application?.AppId ?? "", plan.Organization, _certificate.Source);

        public async Task<SetUpReport> ExecuteAsync()
        {
            CreateCertificate();
            await RegisterAsync().ConfigureAwait(false);
            await RequestAsync().ConfigureAwait(false);
            await AttachAsync().ConfigureAwait(false);
            await CreatePrincipalAsync().ConfigureAwait(false);
            await ConsentAsync().ConfigureAwait(false);
            await AssignAsync().ConfigureAwait(false);
            await JoinAsync().ConfigureAwait(false);
            await ConnectAsync().ConfigureAwait(false);
            var arguments = Arguments;
            return new SetUpReport
            {
                DisplayName = plan.Name,
                AppId = _application?.AppId ?? "",
                ObjectId = _application?.Id,
                ServicePrincipalId = _principal?.Id,
                TenantId = plan._tenant?.TenantId,
                Organization = plan.Organization,
                CertificateThumbprint = _certificate.Thumbprint,
                CertificateNotAfter = _certificate.NotAfter,
                Made = _certificate.Made,
                Services = plan.Services,
                Roles = _options.Roles,
                RoleGroups = _options.RoleGroups,
                Steps = _results,
                Commands = _application is null ? [] : [.. plan.Services.Select(arguments.Connect)],
                Failures = _failures,
            };
        }

        /// <summary>Does the needed and approved actions of a step.</summary>
        private async Task DoAsync(SetUpStep step, Func<int, Task>? work, bool possible = true)
        {
            var index = 0;
            foreach (var action in plan._actions.Where(action => action.Step == step))
            {
                var outcome = SetUpOutcome.Present;
                if (action.IsNeeded)
                {
                    outcome = possible && work is not null && approved.Contains(action) ? SetUpOutcome.Done : SetUpOutcome.Skipped;
                    if (outcome == SetUpOutcome.Done)
                    {
                        progress?.Invoke(action.Action);
                        plan._messages.Verbose($"{action.Action}: {action.Target}.");
                        await work!(index).ConfigureAwait(false);
                    }
                    else
                    {
                        _skipped = true;
                    }
                }

                _results.Add(new SetUpStepResult(step, action.Action, outcome));
                index++;
            }
        }

        private bool Approved(SetUpStep step, int index) =>
            plan._actions.Where(action => action.Step == step).ElementAtOrDefault(index) is { } action && approved.Contains(action);

        private void CreateCertificate()
        {
            var action = plan._actions.First(a => a.Step == SetUpStep.Certificate);
            if (_certificate.Plan is null)
            {
                _results.Add(new SetUpStepResult(SetUpStep.Certificate, action.Action, SetUpOutcome.Present));
            }
            else if (approved.Contains(action))
            {
                progress?.Invoke(action.Action);
                _certificate.Make();
                _results.Add(new SetUpStepResult(SetUpStep.Certificate, action.Action, SetUpOutcome.Done));
            }
            else
            {
                _skipped = true;
                _results.Add(new SetUpStepResult(SetUpStep.Certificate, action.Action, SetUpOutcome.Skipped));
            }
        }

        private Task RegisterAsync() => DoAsync(SetUpStep.Application, async _ => _application = await _graph.CreateApplicationAsync(
            plan.Name,
            _options.IsMultiTenant,
            plan._permissions.Where((_, index) => Approved(SetUpStep.Permission, index)),
            Approved(SetUpStep.Attachment, 0) ? _certificate.Key : null,
            cancellationToken).ConfigureAwait(false));

        private Task RequestAsync()
        {
            // A new registration requests all of it.
            var isNew = plan._application is null;
            return DoAsync(
                SetUpStep.Permission,
                async index =>
                {
                    if (!isNew)
                    {
                        var access = DirectoryApplication.With(_application!.RequiredAccess, plan._permissions[index]);
                        await _graph.SetRequiredAccessAsync(_application.Id, access, cancellationToken).ConfigureAwait(false);
                        _application = _application with { RequiredAccess = access };
                    }
                },
                _application is not null);
        }

        private Task AttachAsync() => DoAsync(
            SetUpStep.Attachment,
            async _ =>
            {
                if (plan._application is not null)
                {
                    await Administration.AttachAsync(
                        _graph, _application!, _certificate.Thumbprint!, _certificate.Key!, _options.Clock, cancellationToken).ConfigureAwait(false);
                }
            },
            _application is not null && _certificate.Key is not null);

        private Task CreatePrincipalAsync() => DoAsync(
            SetUpStep.ServicePrincipal,
            async _ =>
            {
                if (_principal is { IsEnabled: false } disabled)
                {
                    await _graph.EnablePrincipalAsync(disabled.Id, cancellationToken).ConfigureAwait(false);
                    _principal = disabled with { IsEnabled = true };
                    return;
                }

                _principal = await _patience.UntilAsync(
                    $"The new application {_application!.AppId} is not known yet",
                    async token =>
                    {
                        try
                        {
                            return await _graph.CreatePrincipalAsync(_application.AppId, token).ConfigureAwait(false);
                        }
                        catch (ExoException e) when (GraphDirectory.IsThereAlready(e))
                        {
                            // Created by an earlier attempt whose response was lost, or by another administrator.
                            return await _graph.FindPrincipalAsync(_application.AppId, token).ConfigureAwait(false)
                                ?? throw Administration.NotKnown($"servicePrincipals/{_application.AppId}");
                        }
                    },
                    GraphDirectory.IsNotYet,
                    cancellationToken).ConfigureAwait(false);
            },
            _application is not null);

        private Task ConsentAsync() => DoAsync(
            SetUpStep.Consent,
            index =>
            {
                var permission = plan._permissions[index];
                return TryAsync(token => _graph.GrantAsync(_principal!.Id, plan._resources[permission.ResourceAppId], permission, token));
            },
            _principal is not null);

        private Task AssignAsync() => DoAsync(
            SetUpStep.Role, index => TryAsync(token => _graph.AssignRoleAsync(_principal!.Id, _options.Roles[index], token)), _principal is not null);

        private Task JoinAsync() => DoAsync(
            SetUpStep.RoleGroup,
            index => _patience.UntilAsync(
                $"The new service principal {_principal!.Id} is not known in Exchange yet",
                async token =>
                {
                    await plan._missingGroups[index].JoinAsync(_principal!, plan._messages, token).ConfigureAwait(false);
                    return true;
                },
                RoleGroupMembership.IsNotYet,
                cancellationToken),
            _principal is not null);

        private Task<bool> TryAsync(Func<CancellationToken, Task> work) => _patience.UntilAsync(
            $"The new service principal {_principal!.Id} is not known yet",
            async token =>
            {
                try
                {
                    await work(token).ConfigureAwait(false);
                }
                catch (ExoException e) when (GraphDirectory.IsThereAlready(e))
                {
                    plan._messages.Verbose(e.Message);
                }

                return true;
            },
            GraphDirectory.IsNotYet,
            cancellationToken);

        private async Task ConnectAsync()
        {
            // If nothing was changed, nothing has to replicate, except objects that the previous run may have made a moment ago.
            var patience = _results.Any(result => result.Outcome == SetUpOutcome.Done)
                ? _patience
                : new Patience(
                    _options.Patience < TimeSpan.FromSeconds(20) ? _options.Patience
                        : TimeSpan.FromSeconds(20), _options.RetryDelay, _options.Clock, plan._messages);
            var index = 0;
            foreach (var action in plan._actions.Where(action => action.Step == SetUpStep.Connection).ToList())
            {
                var service = plan.Services[index++];
                var outcome = SetUpOutcome.Skipped;
                if (!_skipped && approved.Contains(action))
                {
                    progress?.Invoke(action.Action);
                    try
                    {
                        await patience.UntilAsync(
                            $"{OnboardingErrors.Name(service)} does not let the application in yet",
                            async token =>
                            {
                                await ConnectionProof.ConnectAsync(_options.Proof, Arguments, service, new TokenProviderPool(), token).ConfigureAwait(
                                    false);
                                return true;
                            },
                            ConnectionProof.IsTransient,
                            cancellationToken).ConfigureAwait(false);
                        outcome = SetUpOutcome.Done;
                    }
                    catch (ExoException e)
                    {
                        _failures.Add(e);
                        outcome = SetUpOutcome.Failed;
                    }
                }

                _results.Add(new SetUpStepResult(SetUpStep.Connection, action.Action, outcome));
            }
        }
    }
}
