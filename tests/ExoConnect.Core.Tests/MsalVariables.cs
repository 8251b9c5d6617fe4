namespace ExoConnect.Core.Tests;

/// <summary>
/// Tests of this collection never run side by side: one sets a variable that MSAL heeds in the whole process, the others use MSAL as it is.
/// </summary>
internal static class MsalVariables
{
    public const string Name = "MSAL's variables";
}
