using System.Collections.Frozen;
using ExoConnect.LocalTenant.Catalog;

namespace ExoConnect.LocalTenant.Cmdlets;

/// <summary>Which code runs which cmdlet.</summary>
internal static class CmdletTable
{
    private static readonly FrozenDictionary<string, CmdletHandler> Own = new Dictionary<string, CmdletHandler>
    {
        ["Add-DistributionGroupMember"] = GroupCmdlets.AddMember,
        ["Add-MailboxFolderPermission"] = PermissionCmdlets.AddFolder,
        ["Add-MailboxPermission"] = PermissionCmdlets.AddMailbox,
        ["Add-RecipientPermission"] = PermissionCmdlets.AddRecipient,
        ["Add-RoleGroupMember"] = GroupCmdlets.AddRoleMember,
        ["Add-UnifiedGroupLinks"] = GroupCmdlets.AddLinks,
        ["Clear-MobileDevice"] = StatisticsCmdlets.ClearDevice,
        ["Disable-Mailbox"] = MailboxCmdlets.Disable,
        ["Enable-Mailbox"] = MailboxCmdlets.Enable,
        ["Export-TransportRuleCollection"] = TransportRuleCmdlets.Export,
        ["Get-CASMailbox"] = MailboxCmdlets.GetCas,
        ["Get-Contact"] = RecipientCmdlets.GetContact,
        ["Get-DistributionGroup"] = GroupCmdlets.Get,
        ["Get-DistributionGroupMember"] = GroupCmdlets.GetMembers,
        ["Get-DynamicDistributionGroupMember"] = GroupCmdlets.GetDynamicMembers,
        ["Get-Group"] = GroupCmdlets.GetAny,
        ["Get-MailContact"] = RecipientCmdlets.GetContact,
        ["Get-Mailbox"] = MailboxCmdlets.Get,
        ["Get-MailboxFolderPermission"] = PermissionCmdlets.GetFolder,
        ["Get-MailboxFolderStatistics"] = StatisticsCmdlets.GetFolders,
        ["Get-MailboxPermission"] = PermissionCmdlets.GetMailbox,
        ["Get-MailboxStatistics"] = StatisticsCmdlets.GetMailbox,
        ["Get-MessageTrace"] = MessageTraceCmdlets.Get,
        ["Get-MessageTraceDetail"] = MessageTraceCmdlets.GetDetail,
        ["Get-MessageTraceDetailV2"] = MessageTraceCmdlets.GetDetail,
        ["Get-MessageTraceV2"] = MessageTraceCmdlets.GetSecond,
        ["Get-MobileDevice"] = StatisticsCmdlets.GetDevices,
        ["Get-MobileDeviceStatistics"] = StatisticsCmdlets.GetDeviceStatistics,
        ["Get-Recipient"] = RecipientCmdlets.Get,
        ["Get-RecipientPermission"] = PermissionCmdlets.GetRecipient,
        ["Get-RoleGroupMember"] = GroupCmdlets.GetRoleMembers,
        ["Get-SecurityPrincipal"] = RecipientCmdlets.Get,
        ["Get-UnifiedGroup"] = GroupCmdlets.GetUnified,
        ["Get-UnifiedGroupLinks"] = GroupCmdlets.GetLinks,
        ["Get-User"] = MailboxCmdlets.GetUser,
        ["New-ComplianceCase"] = ComplianceCmdlets.AddCase,
        ["New-ComplianceSearch"] = ComplianceCmdlets.AddSearch,
        ["New-ComplianceSearchAction"] = ComplianceCmdlets.AddSearchAction,
        ["New-DistributionGroup"] = GroupCmdlets.Add,
        ["New-DlpCompliancePolicy"] = ComplianceCmdlets.AddPolicy,
        ["New-DlpComplianceRule"] = ComplianceCmdlets.AddRule,
        ["New-Label"] = ComplianceCmdlets.AddLabel,
        ["New-MailContact"] = RecipientCmdlets.AddContact,
        ["New-MailUser"] = RecipientCmdlets.AddMailUser,
        ["New-Mailbox"] = MailboxCmdlets.Add,
        ["New-RetentionCompliancePolicy"] = ComplianceCmdlets.AddPolicy,
        ["New-RetentionComplianceRule"] = ComplianceCmdlets.AddRule,
        ["New-RoleGroup"] = GroupCmdlets.AddRoleGroup,
        ["New-ServicePrincipal"] = GroupCmdlets.AddServicePrincipal,
        ["New-UnifiedGroup"] = GroupCmdlets.AddUnified,
        ["Remove-DistributionGroupMember"] = GroupCmdlets.RemoveMember,
        ["Remove-Mailbox"] = MailboxCmdlets.Remove,
        ["Remove-MailboxFolderPermission"] = PermissionCmdlets.RemoveFolder,
        ["Remove-MailboxPermission"] = PermissionCmdlets.RemoveMailbox,
        ["Remove-MobileDevice"] = StatisticsCmdlets.RemoveDevice,
        ["Remove-RecipientPermission"] = PermissionCmdlets.RemoveRecipient,
        ["Remove-RoleGroupMember"] = GroupCmdlets.RemoveRoleMember,
        ["Remove-UnifiedGroupLinks"] = GroupCmdlets.RemoveLinks,
        ["Search-UnifiedAuditLog"] = AuditCmdlets.Search,
        ["Set-CASMailbox"] = MailboxCmdlets.SetCas,
        ["Set-ComplianceCase"] = ComplianceCmdlets.SetCase,
        ["Set-Contact"] = RecipientCmdlets.SetContact,
        ["Set-DistributionGroup"] = RecipientCmdlets.Set,
        ["Set-DynamicDistributionGroup"] = RecipientCmdlets.Set,
        ["Set-Group"] = GroupCmdlets.SetAny,
        ["Set-MailContact"] = RecipientCmdlets.Set,
        ["Set-MailUser"] = RecipientCmdlets.Set,
        ["Set-Mailbox"] = MailboxCmdlets.Set,
        ["Set-MailboxFolderPermission"] = PermissionCmdlets.SetFolder,
        ["Set-UnifiedGroup"] = RecipientCmdlets.Set,
        ["Set-User"] = MailboxCmdlets.SetUser,
        ["Start-ComplianceSearch"] = ComplianceCmdlets.StartSearch,
        ["Undo-SoftDeletedMailbox"] = MailboxCmdlets.Undo,
        ["Update-DistributionGroupMember"] = GroupCmdlets.UpdateMembers,
        ["Update-RoleGroupMember"] = GroupCmdlets.UpdateRoleMembers,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The cmdlets that have code of their own.</summary>
    public static IReadOnlyList<string> OwnNames => Own.Keys;

    /// <summary>The code of a cmdlet.</summary>
    public static CmdletHandler For(CmdletDefinition cmdlet) => Own.GetValueOrDefault(cmdlet.Name) ?? GenericCmdlets.For(cmdlet);
}
