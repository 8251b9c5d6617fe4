using System.Xml;
using System.Xml.Linq;
using ExoConnect.HelpBuilder;

if (args is not [var folder, var output, var views, var format, var guide, var site])
{
    Console.Error.WriteLine("usage: HelpBuilder FOLDER-OF-PAGES HELP-FILE VIEWS FORMAT-FILE FOLDER-OF-THE-GUIDE ADDRESS-OF-THE-PAGES");
    return 2;
}

try
{
    var pages = Directory.GetFiles(folder, "*-*.md").Order(StringComparer.Ordinal).Select(CmdletPage.Read).ToList();
    Write(output, HelpFile.Of(pages, new Uri(site)));
    Write(format, ViewFile.Read(views));
    var beside = Path.GetDirectoryName(Path.GetFullPath(output))!;
    foreach (var (topic, page) in AboutTopic.Pages)
    {
        File.WriteAllText(Path.Combine(beside, topic + ".help.txt"), AboutTopic.Of(topic, Path.Combine(guide, page)));
    }

    return 0;
}
catch (FormatException e)
{
    // The form that MSBuild shows as an error of the page.
    Console.Error.WriteLine(e.Message);
    return 1;
}

static void Write(string path, XDocument document)
{
    Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    using var writer = XmlWriter.Create(path, new XmlWriterSettings { NewLineChars = "\n" });
    document.Save(writer);
}
