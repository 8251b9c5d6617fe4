using System.Xml;
using ExoConnect.HelpBuilder;

if (args is not [var folder, var output])
{
    Console.Error.WriteLine("usage: HelpBuilder FOLDER-OF-PAGES HELP-FILE");
    return 2;
}

try
{
    var pages = Directory.GetFiles(folder, "*-*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read).ToList();
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(output))!);
    using var writer = XmlWriter.Create(output, new XmlWriterSettings { Indent = true, NewLineChars = "\n" });
    HelpFile.Of(pages).Save(writer);
    return 0;
}
catch (FormatException e)
{
    // The form that MSBuild shows as an error of the page.
    Console.Error.WriteLine(e.Message);
    return 1;
}
