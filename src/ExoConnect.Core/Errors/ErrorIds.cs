namespace ExoConnect.Core.Errors;

#pragma warning disable CS1591 // docs/guide/troubleshooting.md says of each id what is behind it and what to do; a test holds the two together.

/// <summary>
/// The ids of the engine's and the module's own errors. Scripts branch on them: an id keeps its name and its meaning. For the service's errors, the
/// id is the short name of the service's exception.
/// </summary>
public static class ErrorIds
{
    // Parameters
    public const string AppIdInvalid = nameof(AppIdInvalid);
    public const string OrganizationInvalid = nameof(OrganizationInvalid);
    public const string AppIdMissing = nameof(AppIdMissing);
    public const string OrganizationMissing = nameof(OrganizationMissing);
    public const string ManagedIdentityAccountIdInvalid = nameof(ManagedIdentityAccountIdInvalid);
    public const string UserPrincipalNameInvalid = nameof(UserPrincipalNameInvalid);
    public const string InvalidPrefix = nameof(InvalidPrefix);
    public const string InvalidCommandName = nameof(InvalidCommandName);
    public const string InvalidCulture = nameof(InvalidCulture);
    public const string InvalidPageSize = nameof(InvalidPageSize);
    public const string InvalidCmdletName = nameof(InvalidCmdletName);
    public const string InvalidPropertyName = nameof(InvalidPropertyName);
    public const string InvalidProperty = nameof(InvalidProperty);
    public const string InvalidPropertySet = nameof(InvalidPropertySet);
    public const string InvalidFilter = nameof(InvalidFilter);
    public const string InvalidIdentity = nameof(InvalidIdentity);
    public const string InvalidResultSize = nameof(InvalidResultSize);
    public const string InvalidAccessRight = nameof(InvalidAccessRight);
    public const string InvalidFolderScope = nameof(InvalidFolderScope);
    public const string BlankParameter = nameof(BlankParameter);
    public const string MissingParameter = nameof(MissingParameter);
    public const string ParameterCombination = nameof(ParameterCombination);
    public const string UnidentifiedObject = nameof(UnidentifiedObject);
    public const string ParameterNotSerializable = nameof(ParameterNotSerializable);
    public const string ParameterTooDeep = nameof(ParameterTooDeep);
    public const string ParameterTooLarge = nameof(ParameterTooLarge);
    public const string ParameterDuplicate = nameof(ParameterDuplicate);
    public const string ParameterNameInvalid = nameof(ParameterNameInvalid);
    public const string SecretTooLong = nameof(SecretTooLong);
    public const string ServiceKeyMissing = nameof(ServiceKeyMissing);
    public const string CheckpointInUse = nameof(CheckpointInUse);
    public const string CheckpointForeign = nameof(CheckpointForeign);
    public const string CheckpointUnreadable = nameof(CheckpointUnreadable);
    public const string CheckpointOvertaken = nameof(CheckpointOvertaken);
    public const string NotAFile = nameof(NotAFile);
    public const string CheckpointUnwritable = nameof(CheckpointUnwritable);
    public const string ShardInvalid = nameof(ShardInvalid);
    public const string ScriptNotFound = nameof(ScriptNotFound);
    public const string ScriptNotRead = nameof(ScriptNotRead);

    // Certificates
    public const string CertificateFileNotFound = nameof(CertificateFileNotFound);
    public const string CertificateFileIsDirectory = nameof(CertificateFileIsDirectory);
    public const string CertificateFileUnreadable = nameof(CertificateFileUnreadable);
    public const string CertificatePasswordRequired = nameof(CertificatePasswordRequired);
    public const string CertificatePasswordIncorrect = nameof(CertificatePasswordIncorrect);
    public const string CertificateInvalid = nameof(CertificateInvalid);
    public const string CertificateNoPrivateKey = nameof(CertificateNoPrivateKey);
    public const string CertificateKeyMismatch = nameof(CertificateKeyMismatch);
    public const string CertificateKeyUnusable = nameof(CertificateKeyUnusable);
    public const string CertificateKeyNotRsa = nameof(CertificateKeyNotRsa);
    public const string CertificateKeyTooShort = nameof(CertificateKeyTooShort);
    public const string CertificateExpired = nameof(CertificateExpired);
    public const string CertificateNotYetValid = nameof(CertificateNotYetValid);
    public const string CertificateAmbiguous = nameof(CertificateAmbiguous);
    public const string CertificateThumbprintInvalid = nameof(CertificateThumbprintInvalid);
    public const string CertificateNotFound = nameof(CertificateNotFound);

    // Environments
    public const string EnvironmentUnknown = nameof(EnvironmentUnknown);
    public const string EnvironmentFileNotFound = nameof(EnvironmentFileNotFound);
    public const string EnvironmentFileUnreadable = nameof(EnvironmentFileUnreadable);
    public const string EnvironmentFileInvalid = nameof(EnvironmentFileInvalid);
    public const string ConnectionUriInvalid = nameof(ConnectionUriInvalid);
    public const string AuthorizationEndpointUriInvalid = nameof(AuthorizationEndpointUriInvalid);
    public const string ConnectionUriMismatch = nameof(ConnectionUriMismatch);
    public const string ConnectionUriUnknown = nameof(ConnectionUriUnknown);

    // Signing in
    public const string ApplicationNotFound = nameof(ApplicationNotFound);
    public const string ApplicationDisabled = nameof(ApplicationDisabled);
    public const string ApplicationIsPublic = nameof(ApplicationIsPublic);
    public const string ApplicationSingleTenant = nameof(ApplicationSingleTenant);
    public const string ApplicationNotAssigned = nameof(ApplicationNotAssigned);
    public const string ApplicationMisconfigured = nameof(ApplicationMisconfigured);
    public const string ServicePrincipalMissing = nameof(ServicePrincipalMissing);
    public const string PartnerNotAuthorized = nameof(PartnerNotAuthorized);
    public const string TenantNotFound = nameof(TenantNotFound);
    public const string TenantInAnotherCloud = nameof(TenantInAnotherCloud);
    public const string TenantRestricted = nameof(TenantRestricted);
    public const string TenantUnavailable = nameof(TenantUnavailable);
    public const string CertificateNotRegistered = nameof(CertificateNotRegistered);
    public const string CertificateNotAccepted = nameof(CertificateNotAccepted);
    public const string ClockWrong = nameof(ClockWrong);
    public const string AssertionInvalid = nameof(AssertionInvalid);
    public const string ConsentMissing = nameof(ConsentMissing);
    public const string ConsentDeclined = nameof(ConsentDeclined);
    public const string ResourceNotFound = nameof(ResourceNotFound);
    public const string ResourceDisabled = nameof(ResourceDisabled);
    public const string ResourceNotSubscribed = nameof(ResourceNotSubscribed);
    public const string ScopeInvalid = nameof(ScopeInvalid);
    public const string ConditionalAccessBlocked = nameof(ConditionalAccessBlocked);
    public const string SignInThrottled = nameof(SignInThrottled);
    public const string SignInServiceError = nameof(SignInServiceError);
    public const string SignInTimeout = nameof(SignInTimeout);
    public const string SignInHostUnknown = nameof(SignInHostUnknown);
    public const string SignInHostUnreachable = nameof(SignInHostUnreachable);
    public const string SignInHostUntrusted = nameof(SignInHostUntrusted);
    public const string SignInHostWrong = nameof(SignInHostWrong);
    public const string SignInResponseInvalid = nameof(SignInResponseInvalid);
    public const string SignInRequestInvalid = nameof(SignInRequestInvalid);
    public const string SignInRefused = nameof(SignInRefused);
    public const string SignInFailed = nameof(SignInFailed);
    public const string SignInEnded = nameof(SignInEnded);
    public const string TokenStillRejected = nameof(TokenStillRejected);
    public const string AccessTokenInvalid = nameof(AccessTokenInvalid);
    public const string AccessTokenExpired = nameof(AccessTokenExpired);
    public const string AccessTokenForAnotherService = nameof(AccessTokenForAnotherService);
    public const string AccessTokenOfAnotherTenant = nameof(AccessTokenOfAnotherTenant);
    public const string AccessTokenRefused = nameof(AccessTokenRefused);
    public const string ClientSecretInvalid = nameof(ClientSecretInvalid);
    public const string CredentialExpired = nameof(CredentialExpired);
    public const string CredentialInvalid = nameof(CredentialInvalid);
    public const string CredentialMissing = nameof(CredentialMissing);
    public const string ManagedIdentityUnavailable = nameof(ManagedIdentityUnavailable);
    public const string ManagedIdentityRefused = nameof(ManagedIdentityRefused);
    public const string DefaultCredentialUnavailable = nameof(DefaultCredentialUnavailable);
    public const string DefaultCredentialFailed = nameof(DefaultCredentialFailed);
    public const string DefaultCredentialOfAnotherTenant = nameof(DefaultCredentialOfAnotherTenant);
    public const string DefaultCredentialMissing = nameof(DefaultCredentialMissing);
    public const string ExcludeCredentialInvalid = nameof(ExcludeCredentialInvalid);
    public const string TokenCredentialsVariableInvalid = nameof(TokenCredentialsVariableInvalid);
    public const string FederatedTokenUnavailable = nameof(FederatedTokenUnavailable);
    public const string FederationNotConfigured = nameof(FederationNotConfigured);
    public const string InteractionRequired = nameof(InteractionRequired);
    public const string SignInNotCompleted = nameof(SignInNotCompleted);
    public const string SignInStoreMissing = nameof(SignInStoreMissing);
    public const string SignInNotForgotten = nameof(SignInNotForgotten);
    public const string BrowserMissing = nameof(BrowserMissing);
    public const string RedirectMissing = nameof(RedirectMissing);
    public const string MfaRequired = nameof(MfaRequired);
    public const string MfaRegistrationRequired = nameof(MfaRegistrationRequired);
    public const string DeviceNotCompliant = nameof(DeviceNotCompliant);
    public const string ApplicationNotApproved = nameof(ApplicationNotApproved);
    public const string UserNotFound = nameof(UserNotFound);
    public const string UserNotInTenant = nameof(UserNotInTenant);
    public const string UserDisabled = nameof(UserDisabled);
    public const string UserLocked = nameof(UserLocked);
    public const string UserAtRisk = nameof(UserAtRisk);
    public const string CrossTenantBlocked = nameof(CrossTenantBlocked);
    public const string PasswordExpired = nameof(PasswordExpired);
    public const string PasswordInvalid = nameof(PasswordInvalid);
    public const string SessionExpired = nameof(SessionExpired);
    public const string SessionRevoked = nameof(SessionRevoked);
    public const string DeviceCodePending = nameof(DeviceCodePending);
    public const string DeviceCodeInvalid = nameof(DeviceCodeInvalid);
    public const string DeviceCodeExpired = nameof(DeviceCodeExpired);

    // Sessions
    public const string NotConnected = nameof(NotConnected);
    public const string MicrosoftModuleInstalled = nameof(MicrosoftModuleInstalled);
    public const string CompatibilityNotWritable = nameof(CompatibilityNotWritable);
    public const string NoUserModules = nameof(NoUserModules);
    public const string SessionNotFound = nameof(SessionNotFound);
    public const string ConnectionNameInUse = nameof(ConnectionNameInUse);
    public const string InvalidConnectionName = nameof(InvalidConnectionName);
    public const string CmdletNotInSession = nameof(CmdletNotInSession);
    public const string SessionDisconnected = nameof(SessionDisconnected);
    public const string NoExchangeSession = nameof(NoExchangeSession);
    public const string ModuleFileUnreadable = nameof(ModuleFileUnreadable);

    // Logs
    public const string LogUnreadable = nameof(LogUnreadable);
    public const string NoLog = nameof(NoLog);

    // The service
    public const string AccessDenied = nameof(AccessDenied);
    public const string TokenRefused = nameof(TokenRefused);
    public const string TooManyRequests = nameof(TooManyRequests);
    public const string ServicePaused = nameof(ServicePaused);
    public const string CmdletError = nameof(CmdletError);
    public const string ServiceTimeout = nameof(ServiceTimeout);
    public const string HostNotFound = nameof(HostNotFound);
    public const string ConnectionFailed = nameof(ConnectionFailed);
    public const string ProxyFailed = nameof(ProxyFailed);
    public const string UntrustedCertificate = nameof(UntrustedCertificate);
    public const string ConnectionBroken = nameof(ConnectionBroken);
    public const string UnansweredRequest = nameof(UnansweredRequest);
    public const string UnreadableResponse = nameof(UnreadableResponse);
    public const string UntrustedRedirect = nameof(UntrustedRedirect);
    public const string TooManyRedirects = nameof(TooManyRedirects);
    public const string ExoConnectError = nameof(ExoConnectError);

    // Requests to other services
    public const string RequestUriInvalid = nameof(RequestUriInvalid);
    public const string ResourceRequired = nameof(ResourceRequired);
    public const string ResourceMismatch = nameof(ResourceMismatch);
    public const string ResourceOfAnotherCloud = nameof(ResourceOfAnotherCloud);
    public const string ResourceInvalid = nameof(ResourceInvalid);
    public const string SharePointHostUnknown = nameof(SharePointHostUnknown);
    public const string AppOnlyNotSupported = nameof(AppOnlyNotSupported);
    public const string HeaderNotAllowed = nameof(HeaderNotAllowed);
    public const string PagingNeedsGet = nameof(PagingNeedsGet);
    public const string ResponseTooLarge = nameof(ResponseTooLarge);

    // Setting up applications
    public const string ApplicationNameMissing = nameof(ApplicationNameMissing);
    public const string ApplicationAmbiguous = nameof(ApplicationAmbiguous);
    public const string ApplicationNotRegistered = nameof(ApplicationNotRegistered);
    public const string RoleNotSupported = nameof(RoleNotSupported);
    public const string OrganizationOfAnotherTenant = nameof(OrganizationOfAnotherTenant);
    public const string SetUpRightsMissing = nameof(SetUpRightsMissing);
    public const string ResourceNotInTenant = nameof(ResourceNotInTenant);
    public const string RoleGroupNeedsSession = nameof(RoleGroupNeedsSession);
    public const string ReplicationTimeout = nameof(ReplicationTimeout);
    public const string CertificateNotAttached = nameof(CertificateNotAttached);

    // Making certificates
    public const string NewCertificateNameInvalid = nameof(NewCertificateNameInvalid);
    public const string NewCertificateDnsNameInvalid = nameof(NewCertificateDnsNameInvalid);
    public const string NewCertificateKeyLengthInvalid = nameof(NewCertificateKeyLengthInvalid);
    public const string NewCertificateHashRefused = nameof(NewCertificateHashRefused);
    public const string NewCertificateDatesInvalid = nameof(NewCertificateDatesInvalid);
    public const string NewCertificateFileNameInvalid = nameof(NewCertificateFileNameInvalid);
    public const string NewCertificateOptionsExclude = nameof(NewCertificateOptionsExclude);
    public const string NewCertificatePasswordMissing = nameof(NewCertificatePasswordMissing);
    public const string NewCertificateFolderNotFound = nameof(NewCertificateFolderNotFound);
    public const string NewCertificateFileExists = nameof(NewCertificateFileExists);
    public const string NewCertificateFileUnwritable = nameof(NewCertificateFileUnwritable);
    public const string NewCertificateStoreUnwritable = nameof(NewCertificateStoreUnwritable);
}
